"""The operators' console in Vietnamese."""

from __future__ import annotations

from news.health import HealthState
from news.report import RunState
from web.texts.console_names import ConsoleTexts

VIETNAMESE = ConsoleTexts(
    sites="Trang nguồn",
    runs="Lượt chạy",
    live="Đang chạy",
    why="Vì sao",
    keys=(("j, k", "dòng sau, dòng trước"), ("Enter", "mở dòng"), ("/", "tìm"), ("?", "bảng phím này")),
    states={
        HealthState.HEALTHY: "Bình thường",
        HealthState.LATE: "Trễ hẹn",
        HealthState.SILENT: "Im ắng",
        HealthState.BROKEN: "Hỏng",
        HealthState.BLOCKED: "Bị chặn",
        HealthState.REDESIGNED: "Đổi giao diện",
        HealthState.PAUSED: "Tạm dừng",
    },
    run_states={
        RunState.RUNNING: "Đang chạy",
        RunState.DONE: "Xong",
        RunState.FAILED: "Hỏng giữa chừng",
        RunState.KILLED: "Bị ngắt",
        RunState.LOST: "Mất dấu",
        RunState.SKIPPED: "Không chạy",
    },
)
