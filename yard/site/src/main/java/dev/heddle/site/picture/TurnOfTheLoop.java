package dev.heddle.site.picture;

import dev.heddle.site.picture.Drawing.Look;
import dev.heddle.site.picture.Drawing.Side;

/** One turn of the loop: {@code Scheduler.turn}. */
final class TurnOfTheLoop {

    private static final String DESCRIPTION = """
            Four steps from top to bottom, and from the last back to the first. One: take the inbox, what other \
            threads have left, all at once. Two: run what is ready, each until it waits. Three: fire the timers that \
            are due. Four: ask the engine, which asks the kernel. All four add to the queue of what is ready, and \
            step two takes from it.""";

    private TurnOfTheLoop() {}

    static Drawing drawing() {
        var drawing = new Drawing("turn-of-the-loop", 520, "One turn of the loop", DESCRIPTION);
        int left = 32;
        int width = 200;
        int middle = left + width / 2;
        int queue = 268;

        drawing.box(left, 12, width, 32, Look.DASHED, "other threads");
        drawing.arrow(Look.PLAIN, middle, 44, middle, 80);
        drawing.words(middle + 8, 60, Side.START, "spawn, wake");

        drawing.box(left, 80, width, 64, Look.PLAIN, "Take the inbox", "all that was left, at once");
        drawing.arrow(Look.PLAIN, middle, 144, middle, 172);
        drawing.box(left, 172, width, 84, Look.ACCENT, "Run what is ready", "each until it waits;",
                "up to 256 of them, or 2 ms");
        drawing.arrow(Look.PLAIN, middle, 256, middle, 284);
        drawing.box(left, 284, width, 64, Look.PLAIN, "Fire due timers", "sleeps end, deadlines cancel");
        drawing.arrow(Look.PLAIN, middle, 348, middle, 376);
        drawing.box(left, 376, width, 84, Look.PLAIN, "Ask the engine",
                "waits if nothing is ready,", "until the next timer");
        drawing.arrow(Look.PLAIN, middle - 8, 460, middle - 8, 476);
        drawing.arrow(Look.PLAIN, middle + 8, 476, middle + 8, 460);
        drawing.box(left, 476, width, 32, Look.DASHED, "the kernel");

        drawing.arrow(Look.PLAIN, left, 420, 12, 420, 12, 112, left, 112);

        drawing.room(queue, 80, 80, 380, Look.DASHED, "ready");
        String[] items = {"task", "task", "callback", "task"};
        for (int i = 0; i < items.length; i++) {
            drawing.bar(queue + 8, 192 + i * 20, 64, i == 0 ? Look.ACCENT : Look.PLAIN, items[i]);
        }
        drawing.words(queue + 40, 288, Side.MIDDLE, "first in,", "first out");
        drawing.arrow(Look.PLAIN, left + width, 112, queue, 112);
        drawing.arrow(Look.ACCENT, queue, 200, left + width, 200);
        drawing.arrow(Look.PLAIN, left + width, 228, queue, 228);
        drawing.arrow(Look.PLAIN, left + width, 316, queue, 316);
        drawing.arrow(Look.PLAIN, left + width, 420, queue, 420);
        for (int i = 0; i < 4; i++) {
            drawing.step(left, new int[]{80, 172, 284, 376}[i], i + 1);
        }
        return drawing;
    }
}
