package dev.heddle.site.picture;

import dev.heddle.site.picture.Drawing.Look;
import dev.heddle.site.picture.Drawing.Side;

/** A request on its way through the server: {@code Http1ServerConnection} and {@code RequestDispatcher}. */
final class LifeOfARequest {

    private static final String DESCRIPTION = """
            From top to bottom. A client connects, and its connection gets a task. The task waits for a request \
            without a buffer, reads the head, finds the route, and calls the handler inside the limits of the route, \
            which are inside the middleware. Then it sends the response and reads what is left of the request. A \
            kept connection goes back to the wait. At the side stands what ends a request early: 408 and 4xx for the \
            head, 404 and 405 for the route, 503 for its limits, 500 for a handler that throws.""";

    private static final int LEFT = 36;
    private static final int WIDTH = 208;
    private static final int MIDDLE = LEFT + WIDTH / 2;
    private static final int EXIT = 256;

    private final Drawing drawing = new Drawing("life-of-a-request", 700, "The life of a request", DESCRIPTION);

    private LifeOfARequest() {}

    static Drawing drawing() {
        return new LifeOfARequest().draw();
    }

    private Drawing draw() {
        drawing.box(LEFT, 12, WIDTH, 32, Look.DASHED, "a client connects");
        next(44);
        drawing.box(LEFT, 68, WIDTH, 52, Look.PLAIN, "Accept", "a task for the connection");
        exit(96, "too many: waits");
        next(120);
        drawing.box(LEFT, 144, WIDTH, 52, Look.PLAIN, "Wait for a request", "without a buffer");
        exit(172, "idle: closed");
        next(196);
        drawing.box(LEFT, 220, WIDTH, 52, Look.PLAIN, "Read the head", "within its time and size");
        exit(248, "late: 408", "bad: 4xx");
        next(272);
        drawing.box(LEFT, 296, WIDTH, 36, Look.PLAIN, "Find the route");
        exit(316, "none: 404, 405");
        next(332);
        drawing.room(LEFT, 356, WIDTH, 148, Look.PLAIN, "Middleware");
        drawing.room(LEFT + 12, 384, WIDTH - 24, 108, Look.PLAIN, "Limits of the route");
        exit(396, "too many: 503", "too long: 503");
        drawing.box(LEFT + 32, 412, WIDTH - 64, 68, Look.ACCENT, "Your handler", "reads the body,", "if it wants it");
        exit(448, "throws: 500");
        next(504);
        drawing.box(LEFT, 528, WIDTH, 52, Look.PLAIN, "Send the response", "small ones in one write");
        exit(556, "slow: cut off");
        next(580);
        drawing.box(LEFT, 604, WIDTH, 36, Look.PLAIN, "Read what is left");
        exit(624, "long: closed");
        drawing.arrow(Look.PLAIN, LEFT, 624, 16, 624, 16, 172, LEFT, 172);
        drawing.words(LEFT, 660, Side.START,
                "HTTP/2: the connection’s task reads the heads,", "and each request is answered in a task of its own.");
        return drawing;
    }

    private void next(int y) {
        drawing.arrow(Look.PLAIN, MIDDLE, y, MIDDLE, y + 24);
    }

    /** What ends a request early, beside its step. */
    private void exit(int y, String... lines) {
        drawing.words(EXIT, y, Side.START, lines);
    }
}
