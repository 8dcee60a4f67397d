package dev.heddle.examples;

import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server of Redis' protocol: by hand, cut anywhere, by rubbish, and with Redis' own clients. */
@Timeout(120)
final class RespServerTest {

    private static String word(String word) {
        return "$" + word.length() + "\r\n" + word + "\r\n";
    }

    private static String command(String... words) {
        var command = new StringBuilder("*" + words.length + "\r\n");
        Stream.of(words).map(RespServerTest::word).forEach(command::append);
        return command.toString();
    }

    /** What the server answers in all to bytes that come in these pieces, each after the one before was looked at. */
    private static String answers(List<String> pieces) {
        var answers = new StringBuilder();
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                spawn("server", () -> {
                    try (ByteStream stream = pair.right()) {
                        Program.example("RespServer").call("talk", stream);
                    }
                });
                for (String piece : pieces) {
                    pair.left().write(piece.getBytes(StandardCharsets.ISO_8859_1));
                    Sim.current().awaitIdle();
                }
                pair.left().closeOutput();
                answers.append(new String(pair.left().readAll(10_000_000), StandardCharsets.ISO_8859_1));
            }
        });
        return answers.toString();
    }

    @Test
    void commandsAreAnswered() {
        assertEquals("+PONG\r\n+OK\r\n$2\r\n\u00ff\0\r\n$-1\r\n-ERR unknown command\r\n-ERR unknown command\r\n",
                answers(List.of(command("ping"), command("SET", "k", "\u00ff\0"), command("GET", "k"),
                        command("GET", "other"), command("FLUSHALL"), "*0\r\n")));
    }

    @Test
    void pipelineCutAnywhereIsAnsweredTheSame() {
        String pipeline = (command("SET", "a", "x\r\ny") + command("GET", "a") + command("PING")).repeat(3);
        String expected = answers(List.of(pipeline));
        var random = new Random(1);
        for (int i = 0; i < 30; i++) {
            int cut = random.nextInt(pipeline.length() + 1);
            List<String> pieces = List.of(pipeline.substring(0, cut), pipeline.substring(cut));
            assertEquals(expected, answers(pieces), "cut at " + cut);
        }
        assertEquals(expected, answers(pipeline.chars().mapToObj(Character::toString).toList()));
    }

    @Test
    void answersOfAPipelineAreOneWrite() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                Task<Void> server = spawn("server", () -> Program.example("RespServer").call("talk", pair.right()));
                pair.left().write(command("PING").repeat(100));
                assertEquals(700, pair.left().fill().remaining());
                pair.left().closeOutput();
                server.join();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "GET k\r\n", "*17\r\n", "*-1\r\n", "*1\r\n$65537\r\n", "*1\r\n$-1\r\n", "*1\r\nGET\r\n", "*x\r\n",
            "*1\r\n$\r\n", "*99999999999\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void rubbishIsRefused(String rubbish) {
        assertEquals("+PONG\r\n-ERR Protocol error\r\n", answers(List.of(command("PING"), rubbish)));
    }

    @Test
    void keysAreBounded() {
        var keys = new StringBuilder();
        for (int i = 0; i < 10_001; i++) {
            keys.append(command("SET", "k" + i, ""));
        }
        String answers = answers(List.of(keys.toString(), command("SET", "k0", "x")));
        assertEquals("+OK\r\n".repeat(10_000) + "-OOM too many keys\r\n+OK\r\n", answers);
    }

    @Test
    void ownClientsOfRedisAreServed() throws Exception {
        for (String tool : List.of("redis-cli", "redis-benchmark")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), "no " + tool);
        }
        Process server = Program.example("RespServer").start("0");
        try (BufferedReader lines = server.inputReader()) {
            String line = lines.readLine();
            assertTrue(line != null && line.startsWith("listening on "), line);
            String port = line.substring(line.lastIndexOf(':') + 1);
            assertEquals("OK", client("redis-cli", "-p", port, "set", "name", "Ada"));
            assertEquals("Ada", client("redis-cli", "-p", port, "get", "name"));
            assertEquals("ERR unknown command", client("redis-cli", "-p", port, "incr", "count"));
            String measured = client("redis-benchmark", "-p", port, "-t", "set,get", "-n", "2000", "-c", "20", "-P",
                    "16", "-q");
            for (String command : List.of("SET", "GET")) {
                assertTrue(measured.contains(command + ": "), measured);
            }
            assertEquals(3, client("redis-cli", "-p", port, "get", "key:__rand_int__").length());
        } finally {
            server.destroyForcibly();
        }
    }

    private static String client(String... command) throws Exception {
        Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertTrue(client.waitFor(30, TimeUnit.SECONDS), output);
            assertEquals(0, client.exitValue(), output);
            return output;
        } finally {
            client.destroyForcibly();
        }
    }
}
