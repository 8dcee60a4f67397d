package dev.heddle.cli.sight.top;

import dev.heddle.cli.command.CommandStreams;
import java.io.IOException;
import java.util.List;

/**
 * A terminal whose alternate screen is drawn on, and which is as it was before when this is closed: by the command, or
 * by the end of the process whatever brings that, but for SIGKILL.
 *
 * <p>Threads: any.
 */
final class FullScreen implements AutoCloseable {

    /** The alternate screen, no cursor, no new line at the edge: the private modes of xterm. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";

    private static final String LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String WIPE_LINE = "\u001b[2K";

    private final CommandStreams stdio;
    private final RawMode mode;
    private final Thread atExit = new Thread(this::leave, "restore the terminal");
    private boolean left;

    private FullScreen(CommandStreams stdio, RawMode mode) {
        this.stdio = stdio;
        this.mode = mode;
    }

    /** Takes the terminal. */
    static FullScreen open(CommandStreams stdio, RawMode mode) throws IOException {
        var screen = new FullScreen(stdio, mode);
        Runtime.getRuntime().addShutdownHook(screen.atExit);
        screen.enter();
        return screen;
    }

    /** Takes the terminal again, where a shell has had it while this process was stopped. */
    synchronized void enter() throws IOException {
        if (!left) {
            mode.enter();
            stdio.result(ENTER);
        }
    }

    /** Shows these lines, as many as the window has, in one write. */
    synchronized void draw(List<String> lines) throws IOException {
        if (left) {
            return;
        }
        var frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            // The line is wiped before: behind one that is full the cursor stands on its last character.
            frame.append(i == 0 ? "" : "\r\n").append(WIPE_LINE).append(lines.get(i));
        }
        stdio.result(frame.toString());
    }

    private synchronized void leave() {
        if (!left) {
            left = true;
            try {
                stdio.result(LEAVE);
            } catch (IOException gone) {
                // Then there is nothing to restore on it.
            }
            mode.close();
        }
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // It finds that nothing is left to do.
        }
    }
}
