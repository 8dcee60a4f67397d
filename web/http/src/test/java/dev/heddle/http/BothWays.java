package dev.heddle.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.http.client.ClientStatistics;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.SimOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** What is said where a reply is read while the body of its request is still written. */
public final class BothWays {

    private BothWays() {}

    /** Answers with what comes, as it comes, and with the fields behind it. */
    public static Response echo(Request request) {
        return Response.stream("a/b", out -> {
            byte[] piece = new byte[4096];
            out.flush();
            for (int n = request.read(piece); n >= 0; n = request.read(piece)) {
                out.write(piece, 0, n);
                out.flush();
            }
        }).withTrailers(request::trailers);
    }

    /** The next words of a reply, or {@code the end}. */
    public static String next(Reply reply) {
        byte[] piece = new byte[100];
        int count = reply.read(piece);
        return count < 0 ? "the end" : new String(piece, 0, count, ISO_8859_1);
    }

    public static void say(OutputStream out, String word) throws IOException {
        out.write(word.getBytes(ISO_8859_1));
        out.flush();
    }

    /** Says so many lines, slower and slower. */
    public static BodyWriter lines(int count) {
        return out -> {
            for (int i = 0; i < count; i++) {
                say(out, "word " + i + "x".repeat(1_000) + "\n");
                Heddle.sleep(Duration.ofMillis(i));
            }
        };
    }

    /**
     * A network of delays, losses and, every other time, small packets, which cuts some connections.
     *
     * @param cuts how many of them, as a part of all
     */
    public static SimOptions roughNetwork(long seed, double cuts) {
        return SimOptions.DEFAULT
                .withSeed(seed)
                .withLink(LinkOptions.DEFAULT.withLatency(Duration.ofMillis(20)).withJitter(Duration.ofMillis(30))
                        .withLoss(0.01).withMtuBytes(seed % 2 == 0 ? 100 : 1460))
                .withFaults(FaultPlan.NONE.withCuts(cuts, 60_000));
    }

    public static void assertNothingIsHeld(HttpClient http) {
        ClientStatistics all = http.statistics();
        assertEquals(all.connections(), all.idle(), all.toString());
    }
}
