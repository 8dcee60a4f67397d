package dev.heddle.net;

import static dev.heddle.io.Fixtures.bytes;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A server in a process that runs out of descriptors: real limits, real EMFILE of accept(2). */
final class DescriptorLimitTest {

    private static final int DESCRIPTORS = 80;

    /** The child: an echo server that says how often it could not accept. */
    static final class EchoServer {
        public static void main(String[] args) throws Exception {
            loadAllClasses();
            AtomicInteger failures = new AtomicInteger();
            ServeOptions options = ServeOptions.DEFAULT
                    .withBackoff(new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), 0))
                    .withOnFailure((what, failure) -> System.out
                            .println("failed " + failures.incrementAndGet() + " " + failure));
            Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
                try (Listener listener = Tcp.listen(0)) {
                    Heddle.spawn(() -> listener.serve(options, DescriptorLimitTest::echo));
                    System.out.println("port " + listener.port());
                    Heddle.sleep(Duration.ofMinutes(1));
                }
            });
        }
    }

    /** While there are descriptors to read them with; in production they come from jars that are open already. */
    private static void loadAllClasses() throws Exception {
        for (Class<?> one : List.of(Heddle.class, Tcp.class)) {
            Path root = Path.of(placeOf(one));
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
                    if (!name.equals("module-info")) {
                        Class.forName(name, false, EchoServer.class.getClassLoader());
                    }
                }
            }
        }
    }

    private static void echo(ByteStream stream) {
        for (String line : stream.lines(100)) {
            stream.write(line + "\n");
        }
    }

    @Test
    void serverWithoutDescriptorsRestsAndAcceptsAgainWhenThereAreSome() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "needs a shell to set the limit");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String places = placeOf(Heddle.class) + ":" + placeOf(Tcp.class) + ":" + placeOf(EchoServer.class);
        Process child = new ProcessBuilder(
                "/bin/sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$0\" \"$@\"",
                java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-MaxFDLimit",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "-cp", places, EchoServer.class.getName()).redirectErrorStream(true).start();
        List<Socket> sockets = new ArrayList<>();
        try (BufferedReader output = child.inputReader()) {
            int port = Integer.parseInt(await(output, "port ").substring(5));
            for (int i = 0; i < DESCRIPTORS; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }

            assertTrue(await(output, "failed 3 ").contains("cannot accept connections"), "it rests and tries again");
            for (Socket socket : sockets) {
                socket.close();
            }

            try (Socket late = new Socket(InetAddress.getLoopbackAddress(), port)) {
                late.setSoTimeout(30_000);
                late.getOutputStream().write(bytes("again\n"));
                byte[] answer = late.getInputStream().readNBytes(6);
                assertEquals("again\n", text(answer));
            }
            Duration cpu = child.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
            assertTrue(cpu.compareTo(Duration.ofSeconds(10)) < 0, "it spun: " + cpu);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }

    private static String placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private static String await(BufferedReader output, String beginning) throws Exception {
        List<String> seen = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
            seen.add(line);
        }
        throw new AssertionError("no line '" + beginning + "' but: " + seen);
    }
}
