"""What the pages of accounts say, in Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.users import Role
from web.texts.names import Language


@dataclass(frozen=True, slots=True)
class AccountTexts:
    """The texts of /login, /account and /users in one language."""

    sign_in: str
    name: str
    password: str
    wrong: str
    too_often: str  # {seconds}
    to_staff: str
    roles: Mapping[Role, str]


ACCOUNT_TEXTS: Mapping[Language, AccountTexts] = {
    Language.VIETNAMESE: AccountTexts(
        sign_in="Đăng nhập",
        name="Tên đăng nhập",
        password="Mật khẩu",  # noqa: S106 - a label
        wrong="Tên đăng nhập hoặc mật khẩu không đúng.",
        too_often="Đã thử quá nhiều lần. Xin đợi {seconds} giây rồi thử lại.",
        to_staff="Dành cho biên tập viên và người vận hành. Quên mật khẩu thì hỏi người quản trị.",
        roles={
            Role.READER: "Người đọc",
            Role.EDITOR: "Biên tập viên",
            Role.OPERATOR: "Người vận hành",
            Role.ADMIN: "Người quản trị",
        },
    ),
    Language.ENGLISH: AccountTexts(
        sign_in="Sign in",
        name="User name",
        password="Password",  # noqa: S106 - a label
        wrong="The user name or the password is wrong.",
        too_often="Too many attempts. Wait {seconds} seconds, and try again.",
        to_staff="For editors and operators. Who forgot the password asks an administrator.",
        roles={
            Role.READER: "Reader",
            Role.EDITOR: "Editor",
            Role.OPERATOR: "Operator",
            Role.ADMIN: "Administrator",
        },
    ),
}
