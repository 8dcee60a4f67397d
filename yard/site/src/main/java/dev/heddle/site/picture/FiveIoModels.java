package dev.heddle.site.picture;

import dev.heddle.site.picture.Drawing.Look;
import dev.heddle.site.picture.Drawing.Side;

/** The five ways to wait for bytes, after the figures of Stevens: the program's thread above, the kernel below. */
final class FiveIoModels {

    private static final String DESCRIPTION = """
            Five lanes. In each the program's thread is above, the kernel below, and time goes to the right; the \
            bytes come in the middle. Blocking: the thread stands still in one read until the bytes are copied. Non- \
            blocking: it asks again and again, then reads. Multiplexing: it stands still in one wait for many \
            connections, then reads. Signal-driven: it is free until a signal says that the bytes are there, then \
            reads. Asynchronous: it is free until the kernel has copied the bytes by itself.""";

    private static final int START = 68;
    private static final int CALL = 88;

    /** When the bytes are there, and when they are copied. */
    private static final int ARRIVAL = 224;

    private static final int DONE = 288;
    private static final int END = 348;

    /** A call that does not wait. */
    private static final int SHORT = 12;

    private static final int LANE = 92;

    private final Drawing drawing = new Drawing("five-io-models", 552, "The five I/O models", DESCRIPTION);

    private FiveIoModels() {}

    static Drawing drawing() {
        return new FiveIoModels().draw();
    }

    private Drawing draw() {
        int y = lane(0, "Blocking", "a thread for each connection");
        waits(y, CALL, DONE, "read");
        free(y, START, CALL);
        free(y, DONE, END);
        down(y, CALL + 4);
        up(y, DONE - 4);
        kernel(y);

        y = lane(1, "Non-blocking", "asks again and again");
        free(y, START, END);
        for (int x = CALL; x < ARRIVAL - SHORT; x += 32) {
            waits(y, x, x + SHORT, "");
            down(y, x + 4);
        }
        waits(y, ARRIVAL + 4, DONE, "read");
        down(y, ARRIVAL + 8);
        up(y, DONE - 4);
        kernel(y);

        y = lane(2, "Multiplexing", "one wait for many: `nio`, `epoll`");
        free(y, START, END);
        waits(y, CALL, ARRIVAL, "one wait for many");
        down(y, CALL + 4);
        up(y, ARRIVAL - 4);
        waits(y, ARRIVAL + 4, DONE, "read");
        down(y, ARRIVAL + 8);
        up(y, DONE - 4);
        kernel(y);

        y = lane(3, "Signal-driven", "the kernel tells: `SIGIO`");
        free(y, START, END);
        waits(y, CALL, CALL + SHORT, "");
        down(y, CALL + 4);
        tells(y, ARRIVAL - 4);
        waits(y, ARRIVAL + 4, DONE, "read");
        down(y, ARRIVAL + 8);
        up(y, DONE - 4);
        kernel(y);

        y = lane(4, "Asynchronous", "the kernel reads: `io_uring`");
        free(y, START, END);
        waits(y, CALL, CALL + SHORT, "");
        down(y, CALL + 4);
        tells(y, DONE - 4);
        kernel(y);

        int legend = 12 + 5 * LANE + 12;
        drawing.bar(12, legend - 8, 24, Look.WARM, "").words(44, legend, Side.START, "the thread is in a call");
        drawing.arrow(Look.PLAIN, 188, legend, 212, legend).words(220, legend, Side.START, "the thread is free");
        drawing.bar(12, legend + 16, 24, Look.PLAIN, "").words(44, legend + 24, Side.START, "nothing has come yet");
        drawing.bar(188, legend + 16, 24, Look.ACCENT, "").words(220, legend + 24, Side.START, "bytes are copied");
        drawing.line(Look.DASHED, 24, legend + 40, 24, legend + 56).words(44, legend + 48, Side.START,
                "the bytes come");
        return drawing;
    }

    /** The head of a lane; gives the top of the program's track. */
    private int lane(int index, String name, String how) {
        int top = 12 + index * LANE;
        drawing.heading(12, top + 4, name).words(END, top + 4, Side.END, how);
        drawing.words(12, top + 28, Side.START, "program").words(12, top + 60, Side.START, "kernel");
        drawing.line(Look.DASHED, ARRIVAL, top + 16, ARRIVAL, top + 72);
        return top + 20;
    }

    private void waits(int y, int from, int to, String words) {
        drawing.bar(from, y, to - from, Look.WARM, words);
    }

    private void free(int y, int from, int to) {
        if (to == END) {
            drawing.arrow(Look.PLAIN, from, y + 8, to, y + 8);
        } else {
            drawing.line(Look.PLAIN, from, y + 8, to, y + 8);
        }
    }

    private void down(int y, int x) {
        drawing.arrow(Look.PLAIN, x, y + 16, x, y + 32);
    }

    private void up(int y, int x) {
        drawing.arrow(Look.PLAIN, x, y + 32, x, y + 16);
    }

    /** Up to a thread that is free. */
    private void tells(int y, int x) {
        drawing.arrow(Look.PLAIN, x, y + 32, x, y + 8);
    }

    private void kernel(int y) {
        drawing.bar(CALL, y + 32, ARRIVAL - CALL, Look.PLAIN, "waits");
        drawing.bar(ARRIVAL, y + 32, DONE - ARRIVAL, Look.ACCENT, "copies");
    }
}
