package dev.heddle.http.server;

import static dev.heddle.Heddle.run;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Waiter;
import dev.heddle.internal.JdkWarning;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts cold on a busy machine answers and says nothing; of an old JDK its user hears once. */
final class ColdStartTest {

    private static final int AT_ONCE = 4;
    private static final int STARTS = Integer.getInteger("heddle.starts", 30);
    private static final int EXIT_AFTER_SIGTERM = 143;

    /** The entry of a server that has begun, as java.util.logging writes it. */
    private static final String SERVES = "(?m)^.*\\R.* serving on .* stops in order\\R";

    @TempDir
    private Path caches;

    @Test
    @Tag("night")
    @Timeout(600)
    void startsUnderLoadSayNothing() throws Exception {
        List<String> first = said().lines().toList();
        if (JdkWarning.isUnsound(Runtime.version())) {
            assertTrue(first.getLast().contains(JdkWarning.WHY), first::toString);
            assertEquals(2, first.size(), first::toString); // as java.util.logging writes one entry
        } else {
            assertEquals(List.of(), first);
        }
        try (ExecutorService starters = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<String>> all = new ArrayList<>();
            List<Process> load = new ArrayList<>();
            try {
                for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                    load.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
                }
                for (int i = 0; i < STARTS; i++) {
                    all.add(starters.submit(this::said));
                }
                for (Future<String> one : all) {
                    assertEquals("", one.get());
                }
            } finally {
                load.forEach(Process::destroyForcibly);
            }
        }
    }

    /** What the first request of a JVM would load, hundred and forty classes, is there before the port opens. */
    @Test
    @Tag("full")
    void firstRequestFindsItsClassesLoaded() throws Exception {
        Process process = server(Counting.class).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader output = process.inputReader()) {
            int port = Integer.parseInt(String.valueOf(output.readLine()));
            assertTrue(answer(port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").endsWith("Hello"));
            String loaded = answer(port, "GET /loaded HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            int classes = Integer.parseInt(loaded.substring(loaded.lastIndexOf('\n') + 1));
            assertTrue(classes <= 40, loaded);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String answer(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    /** What a server says beside its port and that it serves, from its start over an answer to its end. */
    private String said() throws IOException, InterruptedException {
        Path errors = Files.createTempFile(caches, "said", ".txt");
        Process process = server(Hello.class).redirectError(errors.toFile()).start();
        try (BufferedReader output = process.inputReader()) {
            int port = Integer.parseInt(String.valueOf(output.readLine()));
            String answer = answer(port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            process.toHandle().destroy(); // that of a Process closes what is still to be read
            assertNull(output.readLine());
            assertEquals(EXIT_AFTER_SIGTERM, process.waitFor());
            return Files.readString(errors).replaceFirst(SERVES, "");
        } finally {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder server(Class<?> program) {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--class-path=" + System.getProperty("java.class.path"),
                program.getName());
        builder.environment().remove("HEDDLE_JDK_WARNING");
        builder.environment().put("XDG_CACHE_HOME", caches.toString());
        return builder;
    }

    static final class Counting {

        public static void main(String[] args) {
            var classes = ManagementFactory.getClassLoadingMXBean();
            var before = new AtomicLong(classes.getTotalLoadedClassCount());
            run(() -> {
                HttpServer server = HttpServer.builder()
                        .get("/", request -> Response.text("Hello"))
                        .get("/loaded", request -> Response.text(
                                "" + (classes.getTotalLoadedClassCount() - before.get())))
                        .start("127.0.0.1", 0);
                System.out.println(server.port());
                before.set(classes.getTotalLoadedClassCount());
                new Waiter("the end of the test").await();
            });
        }
    }

    static final class Hello {

        public static void main(String[] args) {
            run(() -> {
                HttpServer server = HttpServer.builder().get("/", request -> Response.text("Hello")).build();
                Listener listener = Tcp.listen("127.0.0.1", 0);
                System.out.println(listener.port());
                server.serve(listener);
            });
        }
    }
}
