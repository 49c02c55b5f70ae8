"""What a template may say: checked before anything is rendered, refused in one sentence that names the paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.base.errors import ConfigError
from xiezuo.publish.documents.word.placeholders import ATTRIBUTES, all_above, risen
from xiezuo.publish.documents.word.table_xml import P, T
from xiezuo.publish.documents.word.typed import paragraph_text
from xiezuo.publish.documents.wording import Theme

FUNCTIONS = {"均超过上年": all_above, "都增长": risen}
"""What a template may call, with figures."""

FILTERS = ("length", "default", "upper", "lower", "trim")

_PREFIXED = re.compile(r"(\{[{%])(?:p|tr|tc|r)(?=\s)")
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.CondExpr,
    nodes.Call,
    nodes.Filter,
    nodes.Tuple,
)
_SHOWN = 40
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
"""A piece of a sentence that may be left out alone."""
_GROUP = {"group": frozenset({"name", "count", "sum"})}


def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment that templates are rendered in: no globals but :data:`FUNCTIONS`, everything escaped."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals = dict(FUNCTIONS)
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


@dataclass(frozen=True)
class Names:
    """What a template may name: indicators by identity, other names, and what may follow those after a dot."""

    indicators: Mapping[str, str]
    others: Mapping[str, frozenset[str]]

    @property
    def roots(self) -> frozenset[str]:
        """The first words of placeholders."""
        return frozenset(one.partition(".")[0] for one in self.indicators) | frozenset(self.others)


def check(root: etree._Element, names: Names) -> None:
    """Refuse a part of a template that names what there is not, or asks for what it may not.

    Raises:
        ConfigError: ``zh`` names the first thing wrong and the paragraph it stands in.
    """
    _refuse_hidden(root)
    paragraphs = [paragraph_text(paragraph) for paragraph in root.iter(P)]
    source = "\n".join(_PREFIXED.sub(r"\1", text.replace("\n", " ")) for text in paragraphs)
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        raise _refused(paragraphs, error.lineno, f"占位符写法有误（{error.message}）") from error
    for line, wrong in _wrong(tree, names):
        raise _refused(paragraphs, line, wrong)


def check_wording(theme: Theme, names: Names, columns: Mapping[str, frozenset[str]]) -> None:
    """Refuse a theme that names what there is not; ``columns`` are those of each list that the document has.

    Raises:
        ConfigError: ``zh`` names the theme, the piece of a sentence and the first thing wrong with it.
    """
    for sentence in (*theme.year, *theme.month):
        if sentence.rows and sentence.rows not in columns:
            continue
        row = {"row": columns.get(sentence.rows, frozenset())}
        of = Names(names.indicators, {**names.others, **row, **_GROUP})
        for text in (sentence.say, sentence.each, sentence.group_say, *sentence.parts):
            where = f"主题“{theme.zh}”（“{text[:_SHOWN]}”）："
            try:
                trees = [environment().parse(piece) for piece in OPTIONAL.split(text)]
            except TemplateSyntaxError as error:
                raise refusal(f"占位符写法有误（{error.message}）", where) from error
            loops = frozenset({"part"}) if sentence.parts_of else frozenset()
            for tree in trees:
                for _, wrong in _wrong(tree, of, loops):
                    raise refusal(wrong, where)
        if sentence.parts_of and sentence.parts_of not in names.roots:
            raise refusal(f"“{sentence.parts_of}”不是指标目录中的指标", f"主题“{theme.zh}”：")


def _refuse_hidden(root: etree._Element) -> None:
    """Refuse placeholders where nobody checks them: in field codes and in the properties of pictures and shapes.

    Raises:
        ConfigError: there is one.
    """
    for node in root.iter():
        hidden = list(map(str, node.attrib.values()))
        if node.tag != T and not len(node):
            hidden.append(node.text or "")
        if any(sign in said for said in hidden for sign in ("{{", "{%", "{#")):
            raise refusal("只能在正文文字里写占位符，不能写在域代码或图片说明里")


def refusal(wrong: str, where: str = "") -> ConfigError:
    """Return the error of a template; ``where`` is the paragraph as the office sees it."""
    return ConfigError(
        f"the template cannot be used: {wrong}",
        zh=f"模板{where}{wrong}",
        next_step="写法见 docs/templates.zh-CN.md",
    )


def _refused(paragraphs: list[str], line: int, wrong: str) -> ConfigError:
    text = paragraphs[line - 1] if 0 < line <= len(paragraphs) else ""
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return refusal(wrong, f"第{line}段（“{shown}”）：")


def _wrong(
    tree: nodes.Template, names: Names, given: frozenset[str] = frozenset()
) -> Iterator[tuple[int, str]]:
    """Yield what is wrong, with its line: first what is not allowed at all, then names."""
    loops = _loop_names(tree) | given
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.Filter) and node.name not in FILTERS):
            yield node.lineno, "用了这里不支持的写法，只能用占位符、if 和 for"
        elif isinstance(node, nodes.Call) and getattr(node.node, "name", None) not in FUNCTIONS:
            yield node.lineno, f"只能调用{'、'.join(FUNCTIONS)}"
        elif isinstance(node, nodes.Name) and node.ctx == "load" and not _is_known(node.name, names, loops):
            yield node.lineno, f"“{node.name}”不是指标目录中的指标，也不是可用的名称"
        elif isinstance(node, nodes.Getattr):
            yield from ((node.lineno, wrong) for wrong in _wrong_attribute(node, names, loops))
        elif isinstance(node, nodes.Output):
            yield from _not_printable(node, names)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _loop_names(tree: nodes.Template) -> frozenset[str]:
    targets = (found.target for found in tree.find_all(nodes.For))
    return frozenset(target.name for target in targets if isinstance(target, nodes.Name)) | {"loop"}


def _is_known(name: str, names: Names, loops: Iterable[str]) -> bool:
    return name in names.roots or name in loops or name in FUNCTIONS


def dotted(node: nodes.Node) -> list[str]:
    """Return a name and what follows it: LAB1, lifted, trend; nothing of what is no name."""
    if isinstance(node, nodes.Getattr):
        found = dotted(node.node)
        return [*found, node.attr] if found else []
    return [node.name] if isinstance(node, nodes.Name) else []


def _wrong_attribute(node: nodes.Getattr, names: Names, loops: frozenset[str]) -> Iterator[str]:
    path = dotted(node)
    if not path:
        yield "用了这里不支持的写法"
    elif path[0] in names.others and path[0] not in loops:
        if len(path) > 2 or path[1] not in names.others[path[0]]:
            yield f"“{'.'.join(path)}”不是可用的名称"
    elif path[0] not in loops:
        sizes = range(len(path), 1, -1)
        known = next((size for size in sizes if ".".join(path[:size]) in names.indicators), 1)
        if not all(one in ATTRIBUTES for one in path[known:]):
            yield f"“{'.'.join(path)}”不是指标目录中的指标，也不是可用的名称"


def _not_printable(node: nodes.Output, names: Names) -> Iterator[tuple[int, str]]:
    """Yield indicators that have parts only and are printed as if they had a value of their own."""
    for child in node.nodes:
        path = dotted(child)
        if len(path) == 1 and path[0] in names.roots - set(names.others) and path[0] not in names.indicators:
            yield child.lineno, f"“{path[0]}”只有分项，请写明是哪一项，例如 {_example(path[0], names)}"


def _example(root: str, names: Names) -> str:
    return next(one for one in names.indicators if one.startswith(f"{root}."))
