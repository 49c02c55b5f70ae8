"""The four source families, as data: who owns each, what it brings, and the asset its Dag emits."""

from __future__ import annotations

from dataclasses import dataclass

from airflow.sdk import Asset


@dataclass(frozen=True)
class Family:
    """One source family; ``remote`` means that fetching it loads a system of somebody else."""

    source: str
    title_zh: str
    title_en: str
    owner: str
    brings_zh: str
    brings_en: str
    remote: bool

    @property
    def asset(self) -> Asset:
        """What ``ingest_<source>`` emits when it loaded anything, and ``build`` waits for."""
        return Asset(f"xiezuo://core/{self.source}")


FAMILIES = (
    Family(
        source="labour",
        title_zh="劳务协作",
        title_en="Labour",
        owner="县人社局",
        brings_zh="各劳务站就业、培训、招聘会台账(收件箱 labour 目录)",
        brings_en="labour-station ledgers: placements, training, job fairs (inbox folder `labour`)",
        remote=False,
    ),
    Family(
        source="sales",
        title_zh="消费帮扶",
        title_en="Sales",
        owner="县商务局",
        brings_zh="销售平台订单(按窗口逐页抓取)、832 平台导出表和采购台账(收件箱 sales 目录)",
        brings_en="sales-platform orders (by window, page by page), 832 exports and ledgers (inbox folder `sales`)",
        remote=True,
    ),
    Family(
        source="fund",
        title_zh="资金项目",
        title_en="Funds",
        owner="县财政局",
        brings_zh="协作资金分配与项目台账(台账数据库，以及收件箱 fund 目录)",
        brings_en="fund allocations and projects (ledger database, and inbox folder `fund`)",
        remote=True,
    ),
    Family(
        source="work",
        title_zh="协作工作",
        title_en="Office work",
        owner="县委农村工作领导小组办公室",
        brings_zh="会议、互访、结对、协议等工作台账(收件箱 work 目录)",
        brings_en="the office's own ledgers: meetings, visits, pairings, agreements (inbox folder `work`)",
        remote=False,
    ),
)

OPERATIONS = "运维"
