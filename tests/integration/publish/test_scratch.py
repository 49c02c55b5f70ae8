from pathlib import Path
from dataclasses import replace
from xiezuo.publish.release import gathering, standing
from xiezuo.publish.documents.content import Stamp
from xiezuo.values.periods import Period
from xiezuo.warehouse import access
from tests.data.report_contents import text_of
def test_scratch(filled):
    for p in ("2022","2022-06"):
        with access.connect(filled) as c:
            content = gathering.gather(c, filled, "620422", Period.read(p))
        Path(f"/tmp/content-{p}.json").write_text(content.to_json())
        docs = standing.render(filled, content, Stamp(release_id=f"620422-{p}-d1", digest=content.digest), gathering.template_of(filled, content))
        for n,d in docs.items(): Path(f"/tmp/sample-{n}").write_bytes(d)
        if p=="2022": print(text_of(docs["annual.docx"]).partition("附表1")[0])
        else: print(text_of(docs["bulletin.docx"])[:1500])
