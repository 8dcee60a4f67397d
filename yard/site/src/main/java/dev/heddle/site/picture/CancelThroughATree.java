package dev.heddle.site.picture;

import dev.heddle.site.picture.Drawing.Look;
import dev.heddle.site.picture.Drawing.Side;

/** A deadline that cancels a part of a tree of tasks: {@code CancelScope.spread}. */
final class CancelThroughATree {

    private static final String DESCRIPTION = """
            A task main has a timeout, inside it a group with two tasks; one of these cleans up in a shield. Beside \
            the timeout main owns a task named log. One: the deadline cancels the scope of the timeout. Two: the \
            mark goes down to the group and its tasks. Three: it stops at the shield. Four: each waiting call \
            throws, and when all tasks have ended, the timeout throws in main. The task log goes on.""";

    private static final int RIGHT = 312;

    private CancelThroughATree() {}

    static Drawing drawing() {
        var drawing = new Drawing("cancel-through-a-tree", 556, "A cancel on its way through the tree", DESCRIPTION);
        drawing.line(Look.PLAIN, 28, 60, 28, 392, 44, 392);
        drawing.line(Look.PLAIN, 28, 100, 44, 100);
        drawing.arrow(Look.WARM, 60, 124, 60, 160, 76, 160);
        drawing.arrow(Look.WARM, 92, 184, 92, 280, 108, 280);
        drawing.arrow(Look.WARM, 92, 220, 108, 220);
        drawing.line(Look.WARM, 124, 304, 124, 340, 132, 340);
        drawing.line(Look.WARM, 132, 328, 132, 352);

        node(drawing, 12, 12, Look.PLAIN, "task `main`", "goes on with what `timeout` throws");
        node(drawing, 44, 76, Look.WARM, "`timeout(5 s)`", "its deadline is over");
        node(drawing, 76, 136, Look.WARM, "`group`", "waits until both have ended");
        node(drawing, 108, 196, Look.WARM, "task `a`", "`read` throws");
        node(drawing, 108, 256, Look.WARM, "task `b`", "`read` throws, `finally` runs");
        node(drawing, 148, 316, Look.ACCENT, "`shield(1 s)`", "says good bye");
        node(drawing, 44, 376, Look.PLAIN, "task `log`", "owned by `main`: goes on");

        drawing.arrow(Look.DASHED, RIGHT, 280, 336, 280, 336, 108, RIGHT, 108);
        drawing.line(Look.DASHED, RIGHT, 220, 336, 220);
        drawing.arrow(Look.DASHED, RIGHT, 92, 336, 92, 336, 36, RIGHT, 36);

        drawing.step(44, 84, 1).step(76, 144, 2).step(148, 324, 3).step(336, 160, 4);
        String[] says = {
                "A deadline cancels its scope.",
                "The mark goes down. Each task is woken once.",
                "A shield stops it, for its own time.",
                "Every wait throws. When all tasks have ended,"
        };
        for (int i = 0; i < says.length; i++) {
            drawing.step(24, 448 + 24 * i, i + 1).words(44, 448 + 24 * i, Side.START, says[i]);
        }
        drawing.words(44, 536, Side.START, "`timeout` throws a `DeadlineExceededException`.");
        return drawing;
    }

    private static void node(Drawing drawing, int x, int y, Look look, String heading, String line) {
        drawing.box(x, y, RIGHT - x, 48, look, heading, line);
    }
}
