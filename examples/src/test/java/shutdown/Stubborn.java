package shutdown;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.WorkerPool;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.RemoteAction;
import dev.heddle.process.WorkerOutput;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A program with a body that does not listen: where it runs, what it does there, and whether it has a deadline. Not in a
 * package of Heddle, so that its lines are those of a user.
 */
public final class Stubborn {

    public static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);

    /** So long that a worker JVM is up by then. */
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private Stubborn() {}

    public static void main(String[] arguments) {
        Action body = switch (arguments[1]) {
            case "waitsForNothing" -> Stubborn::waitsForNothing;
            case "spins" -> Stubborn::spins;
            default -> throw new IllegalArgumentException(arguments[1]);
        };
        RemoteAction remote = arguments[1].equals("spins") ? () -> spins() : () -> waitsForNothing();
        run(Config.DEFAULT.withShutdownTimeout(SHUTDOWN_TIMEOUT), () -> {
            if (arguments[2].equals("deadline")) {
                timeout(DEADLINE, () -> at(arguments[0], body, remote));
            } else {
                at(arguments[0], body, remote);
            }
        });
    }

    private static void at(String place, Action body, RemoteAction remote) throws Exception {
        switch (place) {
            case "main" -> body.run();
            case "child" -> spawn("child", body).join();
            case "group" -> group(g -> {
                g.spawn("member", body);
            });
            case "offload" -> offload(body);
            case "worker pool" -> inWorkerPool(body);
            case "process pool" -> inProcessPool(remote);
            case "server" -> inServer(body);
            default -> throw new IllegalArgumentException(place);
        }
    }

    private static void inWorkerPool(Action body) {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.submit(() -> {
                body.run();
                return "never";
            });
        }
    }

    private static void inProcessPool(RemoteAction body) {
        ProcessPoolOptions options = ProcessPoolOptions.DEFAULT
                .withGrace(Duration.ofMillis(100))
                .withOutput(WorkerOutput.INHERITED);
        try (ProcessPool pool = ProcessPool.of(options)) {
            pool.run(body);
        }
    }

    private static void inServer(Action body) {
        try (HttpServer server = HttpServer.builder()
                .get("/", request -> {
                    body.run();
                    return Response.text("never");
                })
                .start("127.0.0.1", 0)) {
            int port = server.port();
            Thread.ofPlatform().daemon().start(() -> ask(port));
            sleep(Duration.ofHours(1));
        }
    }

    private static void ask(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        } catch (IOException e) {
            // The server has ended.
        }
    }

    private static void ready() {
        System.out.println("ready");
        System.out.flush();
    }

    private static void waitsForNothing() {
        ready();
        new CompletableFuture<>().join();
    }

    private static void spins() {
        ready();
        while (true) {
            Thread.onSpinWait();
        }
    }
}
