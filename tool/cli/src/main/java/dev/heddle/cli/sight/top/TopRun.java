package dev.heddle.cli.sight.top;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.WindowSize;
import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.top.TopState.Mode;
import dev.heddle.os.Signals;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One run on the full screen, until somebody quits or the program is gone.
 *
 * <p>Threads: the command's draws; three daemons leave what happens in a queue: keys, figures and signals.
 */
final class TopRun {

    /** What happens. */
    private sealed interface Event {
        record Typed(KeyPress key) implements Event {}

        record Told(Round round) implements Event {}

        record Lost(FailureException why) implements Event {}

        /** The window has another size, or a shell has had the terminal. */
        record Changed(boolean returned) implements Event {}

        record InputEnded() implements Event {}
    }

    private final CommandStreams stdio;
    private final WindowSize window;
    private final Style style;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final TopFeed feed;
    private TopState state;
    private Map<String, String> asked = Map.of();

    TopRun(Program program, TopState.View view, long everyMillis, Style style, CommandStreams stdio,
            WindowSize window) {
        this.stdio = stdio;
        this.window = window;
        this.style = style;
        this.state = TopState.begin(program.toString(), view, window.rows(), window.columns());
        this.feed = new TopFeed(
                program,
                everyMillis,
                round -> events.add(new Event.Told(round)),
                why -> events.add(new Event.Lost(why)));
    }

    /**
     * Runs to the end.
     *
     * @param rounds ends it behind so many; 0 for no end
     * @return the exit code
     */
    int run(RawMode mode, long rounds) throws IOException, InterruptedException {
        long left = rounds;
        try (FullScreen screen = FullScreen.open(stdio, mode)) {
            begin();
            while (state.mode() != Mode.QUIT && state.mode() != Mode.INTERRUPTED) {
                draw(screen);
                switch (events.take()) {
                    case Event.Typed(KeyPress key) -> state = state.on(key);
                    case Event.Told(Round round) -> {
                        state = state.with(round);
                        left--;
                        if (left == 0) {
                            return Exit.FINE;
                        }
                    }
                    case Event.Lost(FailureException why) -> throw why;
                    case Event.Changed(boolean returned) -> {
                        if (returned) {
                            screen.enter();
                        }
                        state = state.resized(window.rows(), window.columns());
                    }
                    case Event.InputEnded() -> {
                        return Exit.FINE;
                    }
                }
            }
        }
        return state.mode() == Mode.INTERRUPTED ? Exit.INTERRUPTED : Exit.FINE;
    }

    private void draw(FullScreen screen) throws IOException {
        Map<String, String> request = state.request();
        if (!request.equals(asked)) {
            asked = request;
            feed.want(request);
        }
        if (events.isEmpty()) {
            screen.draw(TopPicture.of(state, style));
        }
    }

    private void begin() {
        start("keys", this::readKeys);
        start("figures", feed);
        start("signals", this::readSignals);
    }

    private static void start(String name, Runnable body) {
        Thread.ofPlatform().daemon().name(name).start(body);
    }

    private void readKeys() {
        var keyboard = new Keyboard(stdio.in());
        try {
            for (KeyPress key = keyboard.next(); key != null; key = keyboard.next()) {
                events.add(new Event.Typed(key));
            }
        } catch (IOException e) {
            // The terminal has gone away.
        }
        events.add(new Event.InputEnded());
    }

    private void readSignals() {
        try (Signals signals = Signals.receive("WINCH", "CONT")) {
            for (String signal : signals) {
                events.add(new Event.Changed(signal.equals("CONT")));
            }
        }
    }
}
