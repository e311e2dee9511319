"""What kind of fault an input of the score commands has, in Chinese; the particulars follow as they are.

Read where the terminal speaks Chinese (`LANG`, or `LENITY_LANGUAGE` before it).
"""

from __future__ import annotations

import os

from lenity.base.outcomes import Problem

ZH = {
    "bench.data": "数据文件夹里没有这个数据集。",
    "bench.model": "没有这个模型名。",
    "bench.set": "没有这个数据集名。",
    "candidate.kind": "候选只能是政策或模型。",
    "candidate.size": "候选文件太长。",
    "cure.model": "这不是自行恢复（逾期后转正常）的模型。",
    "report.kind": "报告种类不对。",
    "report.model": "报告须附它所针对的模型。",
    "report.size": "报告太长，请减少月份或组别。",
    "rows.column": "缺少需要的列。",
    "rows.form": "数据形式不对。",
    "rows.late": "没有找到下一步已知的逾期贷款。",
    "rows.month": "每位客户每月只能有一行。",
    "rows.source": "请给出一个数据文件，或者用 --book 读本行账簿，二者只取其一。",
    "rows.value": "有一个值读不出来。",
    "score.column": "缺少需要的列。",
    "score.columns": "列名有误：重复、过多或首行不是列名。",
    "score.encoding": "文件不是 UTF-8 编码的 CSV，请另存为 UTF-8 的 CSV。",
    "score.export": "导出格式或方言不对。",
    "score.file": "文件读不了：不存在、为空或已损坏。",
    "score.fingerprint": "模型指纹不符，这不是获批的那一份文件。",
    "score.key": "主键列与结果列同名，请改名。",
    "score.model": "模型文件有误或已损坏，请重新训练或换一份。",
    "score.onnx": "这个模型写不成 ONNX。",
    "score.out": "结果写不到这个位置，请另选文件名。",
    "score.range": "数值超出范围。",
    "score.row": "这一行的列数不够或不存在，文件可能被截断。",
    "score.sql": "没有这种 SQL 方言。",
    "score.type": "值的类型不对。",
    "spec": "训练说明文件有误。",
    "spec.encoding": "训练说明文件不是 UTF-8 编码。",
    "spec.features": "训练说明中的特征有误。",
    "spec.file": "找不到训练说明文件。",
    "spec.protected": "特征用到了受保护的列或目标列，请去掉。",
    "spec.reasons": "理由缺少中文或英文措辞。",
    "train.rows": "训练行数太少。",
    "train.target": "目标列有误：须为 0 和 1，两类都要有足够的行。",
    "train.trainer": "没有这种训练方法。",
    "train.woe": "评分卡训练做不了。",
    "watch.column": "列不对：缺少，或取值太多。",
    "watch.rows": "文件没有数据行。",
}


def speaks_chinese() -> bool:
    """Whether the terminal's language is Chinese."""
    told = next(
        (os.environ[name] for name in ("LENITY_LANGUAGE", "LC_ALL", "LANG") if os.environ.get(name)), ""
    )
    return told.lower().startswith("zh")


def told(problem: Problem, chinese: bool) -> str:
    """The problem in one line."""
    words = ZH.get(problem.code, "") if chinese else ""
    if not words:
        return str(problem)
    place = [f"第 {problem.line} 行"] if problem.line is not None else []
    place += [f"列 {problem.column}"] if problem.column else []
    return f"{'，'.join(place)}{'：' if place else ''}{words}（{problem.says}）"
