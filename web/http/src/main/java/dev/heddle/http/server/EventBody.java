package dev.heddle.http.server;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.server.ServerLoop;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response with events: the writer, and beside it a task that sends comments while the writer is silent.
 *
 * @param heartbeat the longest silence
 */
record EventBody(Duration heartbeat, EventWriter writer) implements BodyWriter {

    /** Proxies give a silent connection a minute, some half of that. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    EventBody {
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException("heartbeat is " + heartbeat + ", must be longer than zero");
        }
    }

    @Override
    public void writeTo(OutputStream out) throws Exception {
        var events = new EventStream(out);
        events.open();
        Exception failure = write(events);
        if (failure != null) {
            throw failure;
        }
    }

    /** Gives what the writer has failed with, bare: a group would wrap it. */
    private @Nullable Exception write(EventStream events) {
        Exception[] failures = new Exception[1];
        Heddle.group(group -> {
            group.spawn("heartbeat", () -> {
                events.beat(heartbeat);
                group.cancel("the peer of these events has gone");
            });
            try {
                ServerLoop.whileSending(
                        () -> writer.writeTo(events),
                        () -> group.spawn("end of the events",
                                () -> events.end(() -> group.cancel("the server stops"))));
                // A cut in the middle of a comment would cut the response.
                events.close(() -> group.cancel("the events are over"));
            } catch (CancelledException cancelled) {
                throw cancelled;
            } catch (Exception e) {
                failures[0] = e;
                group.cancel("the events have failed");
            }
        });
        if (failures[0] == null && !events.isClosed()) {
            events.throwIfOver();
        }
        // Whoever sends on when a stop has ended them is told, and the response is whole.
        return failures[0] instanceof ClosedException && events.isClosed() ? null : failures[0];
    }
}
