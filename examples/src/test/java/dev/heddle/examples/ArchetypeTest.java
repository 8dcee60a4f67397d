package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archetype makes a service that builds, passes its own tests, answers, is measured, and stops in order. */
@Tag("full")
@Timeout(600) // Maven, several times, maybe on a busy machine
final class ArchetypeTest {

    /** As the guide has it. */
    static final String PLUGIN = "org.apache.maven.plugins:maven-archetype-plugin:3.4.1:generate";

    /** What the service has for its stop, and the start of a JVM on a busy machine. */
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path work;

    @Test
    void madeServiceIsTestedRunsAndStops() throws Exception {
        CopiedProject here = new CopiedProject(work, CopiedProject.repository(work.resolve("repository")));
        here.maven(PLUGIN, "-DarchetypeCatalog=local", "-DarchetypeGroupId=dev.heddle",
                "-DarchetypeArtifactId=heddle-archetype", "-DarchetypeVersion=" + CopiedProject.version(),
                "-DgroupId=org.example", "-DartifactId=greeter", "-Dpackage=org.example.greeter").passed();
        CopiedProject greeter = new CopiedProject(work.resolve("greeter"), here.repository());
        assertFilledIn(greeter.folder());

        greeter.maven("package").passed();
        Path report = greeter.folder().resolve(
                Path.of("target", "surefire-reports", "TEST-org.example.greeter.ServiceTest.xml"));
        assertTrue(Files.readString(report).contains("tests=\"3\""), () -> "no three tests in " + report);
        assertImageFindsWhatItCopies(greeter.folder());
        assertAnswersAndStops(greeter.folder());
    }

    private static void assertFilledIn(Path project) throws IOException {
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                for (String left : List.of("${package}", "${artifactId}", "${groupId}", "@project")) {
                    assertFalse(text.contains(left), () -> file + " still has " + left);
                }
            }
        }
    }

    /** There is no Docker everywhere; what can be seen without is that all it copies is there. */
    private static void assertImageFindsWhatItCopies(Path project) throws IOException {
        List<String> copies = Files.readAllLines(project.resolve("Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY "))
                .map(line -> line.split(" ", -1)[1])
                .toList();
        assertEquals(List.of("target/lib", "target/greeter.jar"), copies);
        List<String> sent = Files.readAllLines(project.resolve(".dockerignore"));
        for (String copy : copies) {
            assertTrue(Files.exists(project.resolve(copy)), copy);
            assertTrue(sent.contains("!" + copy), copy);
        }
    }

    private static void assertAnswersAndStops(Path project) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-jar", "target/greeter.jar").directory(project.toFile()).redirectErrorStream(true);
        builder.environment().put("PORT", Integer.toString(port));
        Process service = builder.start();
        try {
            String url = "http://127.0.0.1:" + port;
            awaitPort(service, port);
            Heddle.run(() -> {
                assertEquals("{\"hello\":\"Ada\"}", Http.get(url + "/hello/Ada").text());
                assertEquals(200, Http.get(url + "/alive").status());
                assertEquals(200, Http.get(url + "/ready").status());
                String metrics = Http.get(url + "/metrics").text();
                assertTrue(metrics.contains("http_route=\"/hello/{name}\""), metrics);
            });
            service.toHandle().destroy(); // the process's own closes what it has said
            assertTrue(service.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "SIGTERM stops it");
            String said = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(143, service.exitValue(), said);
            assertTrue(said.matches("(?s)[^\n]*\n[^\n]*serving on http://0[.]0[.]0[.]0:" + port
                    + "/ with (?:one loop|\\d+ loops); SIGTERM or Ctrl-C stops in order\n"), said);
        } finally {
            service.destroyForcibly();
        }
    }

    private static void awaitPort(Process service, int port) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!service.isAlive() || System.nanoTime() > end) {
                    service.destroyForcibly();
                    throw new AssertionError(
                            new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8), e);
                }
                service.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }
}
