package dev.heddle.http.attack;

import dev.heddle.Heddle;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.WorstHandlers;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.AccessLog;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import dev.heddle.process.ProcessPool;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of a little of everything, in a process of its own: HTTP/1 and HTTP/2, plain and under TLS, WebSockets,
 * files, uploads, a process pool, an echo over TCP, the {@linkplain WorstHandlers worst handlers}. It is what {@link
 * KernelFaults}, {@link Soak} and {@link WorstHour} put under pressure.
 *
 * <p>Arguments: a folder for what it writes. It prints its ports, plain, TLS and echo, in one line.
 */
final class Service {

    private static final int MAX_BODY_BYTES = 64 << 20;
    private static final RouteOptions FIVE_SECONDS = RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(5));

    private final Path folder;
    private final ProcessPool pool;
    private final HttpClient http;

    /** What a handler that uses up the memory has got so far. */
    private final List<byte[]> eaten = new ArrayList<>();

    private Service(Path folder, ProcessPool pool, HttpClient http) {
        this.folder = folder;
        this.pool = pool;
        this.http = http;
    }

    static void main(String... arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        try (AccessLog log = AccessLog.combined(folder.resolve("access.log"))) {
            Heddle.run(() -> {
                try (ProcessPool pool = ProcessPool.of(1);
                        HttpClient http = HttpClient.create();
                        Listener echo = Tcp.listen("127.0.0.1", 0, ListenOptions.DEFAULT)) {
                    new Service(folder, pool, http).run(log, echo);
                }
            });
        }
    }

    private void run(AccessLog log, Listener echo) {
        HttpServer.Builder routes = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMaxBodyBytes(MAX_BODY_BYTES))
                .accessLog(log)
                .get("/", request -> Response.text("hello"))
                .get("/sleep/{ms:long}", request -> slept(request.pathLong("ms")))
                .get("/late", FIVE_SECONDS, request -> slept(60_000))
                .get("/big", request -> Response.bytes("application/octet-stream", new byte[32 << 20]))
                .get("/file", request -> Response.file(folder.resolve("data")))
                .post("/upload", request -> Response.text("" + request.saveTo(folder.resolve("upload"))))
                .get("/download", request -> downloaded(request.localAddress()))
                .get("/pool", FIVE_SECONDS,
                        request -> Response.text("" + pool.call(() -> ProcessHandle.current().pid())))
                .get("/eat", this::eat)
                .get("/sample", request -> Response.text(sample()))
                .webSocket("/echo", (request, socket) -> socket.forEach(socket::send));
        WorstHandlers.in(routes, http);
        try (HttpServer plain = routes.start("127.0.0.1", 0);
                HttpServer secure = routes.tls(ServerTls.of(TlsIdentity.selfSigned("localhost", "127.0.0.1")))
                        .start("127.0.0.1", 0)) {
            System.out.println(plain.port() + " " + secure.port() + " " + echo.port());
            echo.serve(ServeOptions.DEFAULT, stream -> {
                byte[] piece = new byte[4096];
                for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                    stream.write(piece, 0, count);
                }
            });
        }
    }

    /** Sleeps, and tells how long that was. */
    private static Response slept(long millis) {
        long start = System.nanoTime();
        Heddle.sleep(Duration.ofMillis(millis));
        return Response.text("" + (System.nanoTime() - start) / 1_000_000);
    }

    private Response downloaded(String here) throws IOException {
        try (var reply = http.get("http://" + here + "/big")) {
            return Response.text("" + reply.copyTo(folder.resolve("download")));
        }
    }

    private Response eat(Request request) {
        try {
            while (true) {
                eaten.add(new byte[1 << 20]);
            }
        } finally {
            eaten.clear();
        }
    }

    /** After a collection: bytes of the heap, bytes of the process, descriptors, platform threads, loops' tasks. */
    private static String sample() throws IOException {
        System.gc();
        var runtime = Runtime.getRuntime();
        long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]);
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return (runtime.totalMemory() - runtime.freeMemory()) + " " + pages * 4096 + " " + descriptors.count() + " "
                    + ManagementFactory.getThreadMXBean().getThreadCount() + " "
                    + Heddle.currentLoop().statistics().aliveTasks();
        }
    }
}
