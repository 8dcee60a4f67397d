package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpExchange;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.HttpServer;
import dev.heddle.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;

/** Servers that answer every request with the same few bytes, under load by wrk. */
final class Serving implements Workload {

    private static final String TEXT = "Hello, World!";
    private static final double MICROS = 1e3;
    private static final Need NGINX = Need.program("nginx");
    private static final Need WRK = Need.program("wrk");

    /** A server that is ready. */
    private interface Server {

        /** The start of every URL, without a slash at the end. */
        String address();

        /** CPU time that it has used, in nanoseconds. */
        long cpuNanos();

        void stop();
    }

    private final Server server;

    private Serving(Server server) {
        this.server = server;
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "server",
                "Plaintext over 64 kept connections, asked by wrk on one thread",
                3,
                7,
                List.of(
                        new Measure("CPU of a request, server only", "us"),
                        new Measure("requests", "/s"),
                        new Measure("99th percentile", "ms")),
                List.of(
                        Side.peer("nginx, one worker", () -> new Serving(nginx())).needing(NGINX).needing(WRK),
                        Side.peer(
                                "com.sun.net.httpserver, virtual threads",
                                () -> new Serving(jdk()),
                                "-Dsun.net.httpserver.nodelay=true").needing(WRK),
                        Side.ours("Heddle HttpServer, one loop", () -> new Serving(heddle())).needing(WRK))));
    }

    @Override
    public double[] round() throws Exception {
        long cpu = server.cpuNanos();
        Wrk load = Wrk.run(server.address() + "/");
        return new double[]{
                (server.cpuNanos() - cpu) / MICROS / load.requests(), load.requestsPerSecond(), load.p99Millis()
        };
    }

    @Override
    public void close() {
        server.stop();
    }

    private static long ownCpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static Server nginx() {
        Nginx nginx = Nginx.start(TEXT);
        return new Server() {
            @Override
            public String address() {
                return nginx.address();
            }

            @Override
            public long cpuNanos() {
                return nginx.cpuNanos();
            }

            @Override
            public void stop() {
                nginx.close();
            }
        };
    }

    private static Server jdk() {
        com.sun.net.httpserver.HttpServer http;
        try {
            http = com.sun.net.httpserver.HttpServer.create(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", Serving::answer);
        http.start();
        return inThisProcess(http.getAddress().getPort(), () -> http.stop(0));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = TEXT.getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static Server heddle() {
        Loop loop = Loop.start(Loops.PATIENT);
        HttpServer http = HttpServer.builder().get("/", request -> Response.text(TEXT)).build();
        Task<Void> serving = loop.spawn(() -> http.serve("127.0.0.1", 0));
        int port = loop.spawn(http::port).join();
        return inThisProcess(port, () -> {
            serving.cancel("measured");
            loop.close();
        });
    }

    private static Server inThisProcess(int port, Runnable stop) {
        return new Server() {
            @Override
            public String address() {
                return "http://127.0.0.1:" + port;
            }

            @Override
            public long cpuNanos() {
                return ownCpuNanos();
            }

            @Override
            public void stop() {
                stop.run();
            }
        };
    }
}
