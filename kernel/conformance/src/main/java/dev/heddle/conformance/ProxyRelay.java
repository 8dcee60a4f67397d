package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.io.ByteStream;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link FaultProxy}: two lines, each with a task that reads and one that writes.
 *
 * <pre>
 *   running ──both lines ended──────────────────────────▶ closed
 *      ├──a stream is lost, or a line's reset is due────▶ reset: both streams aborted, all tasks cancelled
 *      └──one line ended and the other stalled──────────▶ reset
 * </pre>
 */
final class ProxyRelay {

    private final ByteStream client;
    private final ByteStream server;
    private final FaultyLine toServer;
    private final FaultyLine toClient;
    private @Nullable TaskGroup group;
    private int ended;
    private int stalled;

    ProxyRelay(ByteStream client, ByteStream server, Damage toServer, Damage toClient) {
        this.client = client;
        this.server = server;
        this.toServer = new FaultyLine(this, client, server, toServer);
        this.toClient = new FaultyLine(this, server, client, toClient);
    }

    void run() {
        Heddle.group(g -> {
            group = g;
            toServer.start();
            toClient.start();
        });
        client.close();
        server.close();
    }

    /** Starts a task for which a lost stream is the end of the connection and not a failure. */
    void spawn(String name, Action body) {
        if (group != null) {
            group.spawn(name, () -> {
                try {
                    body.run();
                } catch (BrokenException | ClosedException e) {
                    reset();
                }
            });
        }
    }

    void lineEnded() {
        ended++;
        resetIfOnlyStalled();
    }

    void lineStalled() {
        stalled++;
        resetIfOnlyStalled();
    }

    private void resetIfOnlyStalled() {
        if (ended == 1 && stalled == 1) {
            reset();
        }
    }

    void reset() {
        client.abort();
        server.abort();
        if (group != null) {
            group.cancel("the connection is lost");
        }
    }
}
