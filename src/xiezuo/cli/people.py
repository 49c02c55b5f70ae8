"""``xiezuo people``: who works here, in which role, and how each gets his own password."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands
    from xiezuo.declared.people import Person
    from xiezuo.operations.accounts import Login


ROLES = ("clerk", "head", "leader", "ops", "viewer")
"""As :mod:`xiezuo.declared.people` has them, which takes longer to load than help may."""


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "people", "who submits, reviews and approves, and how each logs in", unnamed="list",
        example="xiezuo people",
    )  # fmt: skip
    listing = add_command(
        acts, "list", "who is named, and which roles nobody has", _list, example="xiezuo people list --county 620422"
    )
    add_county(listing)
    add_json(listing)
    add = add_command(
        acts, "add", "name a person and print the link for the first login, once", _add,
        example="xiezuo people add wangwei --name 王伟 --role head --county 620422",
    )  # fmt: skip
    add.add_argument("account", metavar="ACCOUNT", help="what is typed to log in: lower-case letters and digits")
    add.add_argument("--name", required=True, metavar="NAME", help="as documents are to name the person")
    add.add_argument("--role", required=True, choices=ROLES, help="what the person does")
    add_county(add)
    add.add_argument("--contact", default="", metavar="URL", help="apprise URL that messages to the person go to")
    remove = add_command(
        acts, "remove", "take a person out, at once; what was signed stays signed", _remove,
        example="xiezuo people remove wangwei",
    )  # fmt: skip
    remove.add_argument("account", metavar="ACCOUNT", help="as `list` shows it")
    invite = add_command(
        acts, "invite", "end a person's password and print a new link, once", _invite,
        example="xiezuo people invite wangwei",
    )  # fmt: skip
    invite.add_argument("account", metavar="ACCOUNT", help="as `list` shows it")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.declared.counties import load_counties
    from xiezuo.declared.people import load_people
    from xiezuo.operations.accounts import standing
    from xiezuo.publish.release.signing import missing

    people = load_people(settings)
    shown = [one for one in people.people if options.county is None or one.serves(options.county)]
    served = [options.county] if options.county else sorted(load_counties(settings.counties_path))
    lacking = {county: roles for county in served if (roles := missing(people, county))}
    logins = {one.account: one for one in standing(settings)}
    if options.json:
        print_json({"people": [_said(one, logins[one.account]) for one in shown], "missing": lacking})
        return 0
    for one in shown:
        where = "、".join(one.counties) or "全部县"
        contact = "已登记联系方式" if one.contact else "无联系方式"
        print(f"{one.account}  {one.name}  {one.role_zh}  {where}  {contact}  {_state(logins[one.account])}")
    for county, roles in lacking.items():
        print(f"{county} 尚未登记：{'、'.join(roles)}，登记之前不能定稿")
    return 0


def _said(person: Person, login: Login) -> dict[str, object]:
    """Return what is told of a person; the contact is secret."""
    return {
        "account": person.account, "name": person.name, "role": person.role, "counties": person.counties,
        "has_contact": bool(person.contact), "password_set_at": login.set_at, "link_until": login.until,
    }  # fmt: skip


def _state(login: Login) -> str:
    if login.set_at is not None:
        return f"密码设于 {login.set_at:%Y-%m-%d}"
    if login.until is not None:
        return f"首次登录链接有效至 {login.until:%Y-%m-%d}"
    return "尚无密码，用 people invite 生成链接"


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from pydantic import ValidationError

    from xiezuo.declared.people import Person
    from xiezuo.operations.accounts import add

    counties = [options.county] if options.county else []
    try:
        person = Person(
            account=options.account, name=options.name, role=options.role, counties=counties, contact=options.contact
        )
    except ValidationError as error:
        said = "；".join(one["msg"].removeprefix("Value error, ") for one in error.errors())
        raise ConfigError("not a person that can be named", zh=said) from None
    code = add(settings, person)
    print(f"已登记 {person.name}（{person.role_zh}），账号 {person.account}")
    _print_link(settings, code)
    return 0


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.accounts import remove

    remove(settings, options.account)
    print(f"已移除 {options.account}，立即不能登录；已签审的记录不变")
    return 0


def _invite(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.accounts import invite

    code = invite(settings, options.account)
    print(f"{options.account} 的原密码和已登录的会话已失效")
    _print_link(settings, code)
    return 0


def _print_link(settings: Settings, code: str) -> None:
    from xiezuo.operations.accounts import LINK_DAYS, address, link

    print(f"首次登录链接（{LINK_DAYS} 天内有效，只能用一次，只显示这一次，请交给本人设置密码）：")
    print(link(settings, code))
    if not address(settings):
        print("请在前面接上本系统的网址（make up 显示的地址，或 XIEZUO_BASE_URL）")
