-- province_named: provinces by the two characters that their names begin with, and whether they give aid in the
-- collaboration; a test holds the names against include/provinces.csv.
-- grain: one row a province. reads: nothing.
select
    n.province_name,
    left(n.province_name, 2) as stem,
    n.is_eastern
from (
    values
    ('北京市', true),
    ('天津市', true),
    ('河北省', false),
    ('山西省', false),
    ('内蒙古自治区', false),
    ('辽宁省', false),
    ('吉林省', false),
    ('黑龙江省', false),
    ('上海市', true),
    ('江苏省', true),
    ('浙江省', true),
    ('安徽省', false),
    ('福建省', true),
    ('江西省', false),
    ('山东省', true),
    ('河南省', false),
    ('湖北省', false),
    ('湖南省', false),
    ('广东省', true),
    ('广西壮族自治区', false),
    ('海南省', false),
    ('重庆市', false),
    ('四川省', false),
    ('贵州省', false),
    ('云南省', false),
    ('西藏自治区', false),
    ('陕西省', false),
    ('甘肃省', false),
    ('青海省', false),
    ('宁夏回族自治区', false),
    ('新疆维吾尔自治区', false),
    ('台湾省', false),
    ('香港特别行政区', false),
    ('澳门特别行政区', false)
) as n (province_name, is_eastern)
