package dev.heddle.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The benchmark of the first thousand requests of a server's life, 200 a second on one connection: what those wait who come while
 * classes are loaded and code is interpreted. Each counts from when it was due, so that one that is slow is the next
 * one's wait.
 */
final class FirstRequests implements Workload {

    private static final int REQUESTS = 1_000;
    private static final int A_SECOND = 200;
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1) / A_SECOND;
    private static final int TENTH = 10;
    private static final double MOST = 0.99;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SOON_MILLIS = 5;

    /** The end of the page of each server. */
    private static final byte[] END = "Hello".getBytes(US_ASCII);

    private final List<String> command = new ArrayList<>(ServerProcess.PIN);

    private FirstRequests(List<String> command) {
        this.command.addAll(command);
    }

    static List<Benchmark> benchmarks() {
        List<Side> sides = List.of(
                Side.peer("com.sun.net.httpserver",
                        () -> new FirstRequests(Launching.jar(HelloJdk.class, Launching.NOTHING))),
                Side.peer("Helidon", () -> new FirstRequests(Launching.jar(HelloHelidon.class, Launching.HELIDON))),
                Side.peer("Vert.x", () -> new FirstRequests(Launching.jar(HelloVertx.class, Launching.VERTX))),
                Side.peer("Starlette on uvicorn", () -> new FirstRequests(Python.command("hello_starlette.py")))
                        .needing(Python.need("uvicorn"))
                        .needing(Python.need("starlette")),
                Side.ours("Heddle", () -> new FirstRequests(Launching.jar(HelloHeddle.class, Launching.HEDDLE))),
                Side.ours("Heddle, AOT cache",
                        () -> new FirstRequests(Launching.cached(HelloHeddle.class, Launching.HEDDLE))));
        return List.of(new Benchmark(
                "first-thousand",
                "The first thousand requests of a server of one page, 200 a second on one connection, by java -jar or"
                        + " python; the server has one processor",
                1,
                5,
                List.of(
                        new Measure("CPU of the first thousand", "ms"),
                        new Measure("time of the first", "ms", Target.atMost(SOON_MILLIS)),
                        new Measure("time of the tenth", "ms"),
                        new Measure("99th percentile of the first second", "ms", Target.atMost(SOON_MILLIS)),
                        new Measure("99th percentile of the last second", "ms")),
                sides.stream().map(side -> side.needing(Need.program("taskset"))).toList()));
    }

    @Override
    public double[] round() throws IOException, InterruptedException {
        try (var running = new LaunchedServer(command); Socket socket = running.connect()) {
            socket.setTcpNoDelay(true);
            var clock = new ProcessClock(running.process.pid());
            long cpu = clock.nanos();
            double[] millis;
            try {
                millis = millisOfEach(socket);
            } catch (IOException e) {
                throw running.broken(e);
            }
            return new double[]{
                    (clock.nanos() - cpu) / NANOS_PER_MILLI,
                    millis[0],
                    millis[TENTH - 1],
                    mostOf(millis, 0),
                    mostOf(millis, REQUESTS - A_SECOND)};
        }
    }

    private static double[] millisOfEach(Socket socket) throws IOException {
        double[] millis = new double[REQUESTS];
        byte[] buffer = new byte[4096];
        long start = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
            long due = start + i * EVERY_NANOS;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            LaunchedServer.ask(socket);
            awaitEnd(socket.getInputStream(), buffer);
            millis[i] = (System.nanoTime() - due) / NANOS_PER_MILLI;
        }
        return millis;
    }

    private static void awaitEnd(InputStream in, byte[] buffer) throws IOException {
        int count = 0;
        while (count < END.length
                || !Arrays.equals(buffer, count - END.length, count, END, 0, END.length)) {
            int more = in.read(buffer, count, buffer.length - count);
            if (more <= 0) {
                throw new IOException("no page, but " + new String(buffer, 0, count, US_ASCII));
            }
            count += more;
        }
    }

    private static double mostOf(double[] millis, int from) {
        double[] second = Arrays.copyOfRange(millis, from, from + A_SECOND);
        Arrays.sort(second);
        return second[(int) (MOST * A_SECOND) - 1];
    }
}
