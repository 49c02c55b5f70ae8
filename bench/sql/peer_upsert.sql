-- peer.orders: the staged orders by key, the last step of every peer that stages.
-- grain: one row an order. reads: peer.staged.
insert into peer.orders (
    order_no, shop_name, shop_uscc, buyer_org, buyer_province, goods_title, sku_id, status, num, payment, refund_fee,
    created, pay_time, modified, end_time
)
select
    order_no,
    shop_name,
    shop_uscc,
    buyer_org,
    buyer_province,
    goods_title,
    sku_id,
    status,
    num,
    payment,
    refund_fee,
    created,
    pay_time,
    modified,
    end_time
from peer.staged
on conflict (shop_uscc, order_no) do update set
    shop_name = excluded.shop_name,
    buyer_org = excluded.buyer_org,
    buyer_province = excluded.buyer_province,
    goods_title = excluded.goods_title,
    sku_id = excluded.sku_id,
    status = excluded.status,
    num = excluded.num,
    payment = excluded.payment,
    refund_fee = excluded.refund_fee,
    created = excluded.created,
    pay_time = excluded.pay_time,
    modified = excluded.modified,
    end_time = excluded.end_time
