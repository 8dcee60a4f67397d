package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * Limits of a server, two of which end at one moment. A whole request that comes at that moment, and one whose handler ends then, are
 * answered whole or get no word: never a complaint.
 */
final class LimitsThatMeet implements LongFunction<String> {

    private static final Duration MEETING = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMillis(1);
    private static final List<Duration> OFFSETS = List.of(SOON.negated(), Duration.ZERO, SOON);
    private static final String GET = "GET /0 HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final List<String> REQUESTS = List.of(GET,
            "POST /0 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");

    /** What ends after {@link #MEETING}. */
    private enum Limit {
        HEAD_TIME(limits -> limits.withHeadTime(MEETING).withMaxHeadTime(MEETING)),
        IDLE_TIME(limits -> limits.withIdleTime(MEETING)),
        LIFETIME(limits -> limits.withMaxLifetime(MEETING)),
        STALL_TIME(limits -> limits.withStallTime(MEETING)),
        STOP_GRACE(limits -> limits.withStopGrace(MEETING)),
        DRAIN_DELAY(limits -> limits);

        private final UnaryOperator<ServerLimits> set;

        Limit(UnaryOperator<ServerLimits> set) {
            this.set = set;
        }

        private boolean isOfAStop() {
            return this == STOP_GRACE || this == DRAIN_DELAY;
        }
    }

    private final List<String> wrong = new ArrayList<>();

    /** What of all pairs is wrong first, in words that every class loader knows; empty if nothing is. */
    @Override
    public String apply(long seeds) {
        for (long seed = 1; seed <= seeds && wrong.isEmpty(); seed++) {
            for (Limit one : Limit.values()) {
                for (Limit other : Limit.values()) {
                    if (one.compareTo(other) < 0) {
                        meet(seed, one, other);
                    }
                }
            }
        }
        return wrong.isEmpty() ? "" : wrong.getFirst();
    }

    private void meet(long seed, Limit one, Limit other) {
        for (Duration offset : OFFSETS) {
            for (String request : REQUESTS) {
                String words = one + " and " + other + " at " + offset + ", " + request.substring(0, 4);
                Sim.run(SimOptions.DEFAULT.withSeed(seed), sim -> {
                    sim.network().link(LinkOptions.INSTANT);
                    meet(one, other, offset, request, words);
                });
            }
        }
    }

    private void meet(Limit one, Limit other, Duration offset, String request, String words) {
        HttpServer.Builder routes = HttpServer.builder().limits(one.set.apply(other.set.apply(ServerLimits.DEFAULT)));
        if (other == Limit.DRAIN_DELAY) {
            routes.drainDelay(MEETING);
        }
        HttpServer server = routes
                .get("/{millis}", LimitsThatMeet::answer)
                .post("/{millis}", LimitsThatMeet::answer)
                .start("127.0.0.1", 80);
        String slow = request.replace("/0", "/" + MEETING.plus(offset).toMillis());
        Task<?> worked = Heddle.spawn(() -> ask(Duration.ZERO, slow, words + ", worked on"));
        Task<?> come = Heddle.spawn(() -> ask(MEETING.plus(offset), request, words + ", come"));
        Heddle.sleep(SOON);
        if (one.isOfAStop() || other.isOfAStop()) {
            server.close();
        }
        worked.join();
        come.join();
        server.close();
    }

    private static Response answer(Request request) {
        request.bytes(10);
        Heddle.sleep(Duration.ofMillis(request.pathLong("millis")));
        return Response.text("done");
    }

    /** Sends a request over a connection that has had one. */
    private void ask(Duration pause, String request, String words) {
        try (ByteStream peer = Tcp.connect("127.0.0.1", 80)) {
            peer.write(GET);
            Wire.response(peer);
            Heddle.sleep(pause);
            String said = said(peer, request);
            boolean isWhole = Wire.count(said) == 1 && Wire.status(said) == 200 && said.endsWith("done");
            if (!said.isEmpty() && !isWhole) {
                wrong.add(words + ": " + said);
            }
        }
    }

    /** All that comes of a request; nothing if the connection is gone. */
    private static String said(ByteStream peer, String request) {
        try {
            peer.write(request);
            peer.closeOutput();
            return Wire.text(peer.readAll(100_000));
        } catch (BrokenException gone) {
            return "";
        }
    }
}
