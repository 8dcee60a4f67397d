package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.FreePorts;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.Tls;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in JVMs of their own, over mutual TLS on the loopback, with real processes. */
@Tag("full")
final class ClusterPoolOfJvmsTest {

    @TempDir
    private Path directory;

    private static long pid() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static int endless() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private interface Body {
        void run(ClusterPool pool, Process other, PoolNode.Given peers, int port) throws Exception;
    }

    private static String program(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** A certificate that is its own signer, with its key. */
    private Path keys(String name) throws Exception {
        Path keys = directory.resolve(name);
        assertEquals(0, new ProcessBuilder(
                program("keytool"), "-genkeypair", "-alias", "node", "-keyalg", "EC", "-dname", "CN=node",
                "-ext", "san=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore", keys.toString(),
                "-storepass", new String(PoolNode.PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor());
        return keys;
    }

    /** Has a body use the pool of a node here, while the node b runs in a JVM of its own. */
    private void with(Body body) throws Exception {
        Path keys = keys("keys.p12");
        int here = FreePorts.next();
        int there = FreePorts.next();
        Process other = new ProcessBuilder(
                program("java"), "-XX:TieredStopAtLevel=1", "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                PoolNode.class.getName(), keys.toString(), "b", Integer.toString(there))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            var lines = new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("ready", lines.readLine());
            Heddle.run(() -> {
                var peers = new PoolNode.Given(PoolNode.peer("a", here), PoolNode.peer("b", there));
                try (ClusterPool pool = PoolNode.pool("a", here, keys, peers)) {
                    body.run(pool, other, peers, there);
                }
            });
        } finally {
            List<ProcessHandle> below = other.descendants().toList();
            if (other.toHandle().isAlive()) { // else its number may be another's
                below.forEach(ProcessHandle::destroyForcibly);
            }
            other.destroyForcibly();
            other.waitFor();
        }
    }

    @Test
    void bodiesRunInProcessesOfBothNodes() throws Exception {
        with((pool, other, _, _) -> {
            assertEquals(ProcessHandle.current().pid(), pool.on("name", "a").call(() -> pid()));
            assertEquals(other.pid(), pool.on("name", "b").call(() -> pid()));
            assertEquals("b", pool.on("name", "b").call(() -> ClusterPool.node()));
            assertEquals(List.of(1, 2, 3, 4), pool.map(List.of("a", "bb", "ccc", "dddd"), 1, String::length));
        });
    }

    @Test
    void longArgumentsTravel() throws Exception {
        with((pool, _, _, _) -> {
            byte[] much = new byte[20_000_000];
            much[19_999_999] = 7;
            assertEquals(7, pool.on("name", "b").call(() -> much[much.length - 1]).intValue());
        });
    }

    private static byte[] random(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void longBodiesAtOnceAndShortOnesBetweenArriveAsTheyWere() throws Exception {
        with((pool, _, _, _) -> {
            ClusterPool there = pool.on("name", "b");
            byte[] first = random(30_000_000, 1);
            byte[] second = random(20_000_001, 2);
            for (int round = 0; round < 3; round++) {
                Future<Integer> one = there.submit(() -> Arrays.hashCode(first));
                Future<Integer> other = there.submit(() -> Arrays.hashCode(second));
                List<Future<Integer>> shorts = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    int number = i;
                    shorts.add(there.submit(() -> number));
                }
                for (int i = 0; i < 200; i++) {
                    assertEquals(i, shorts.get(i).get());
                }
                assertEquals(Arrays.hashCode(first), one.get().intValue());
                assertEquals(Arrays.hashCode(second), other.get().intValue());
            }
        });
    }

    @Test
    void cancelAtAnyTimeOfALongBodyLeavesItsProcessAsItIs() throws Exception {
        with((pool, _, _, _) -> {
            ClusterPool there = pool.on("name", "b");
            long process = there.call(() -> ProcessHandle.current().pid());
            byte[] much = random(30_000_000, 3);
            int hash = Arrays.hashCode(much);
            int ended = 0;
            for (int millis = 0; millis < 200; millis += 10) {
                Optional<Integer> result = Heddle.moveOnAfter(
                        Duration.ofMillis(millis), () -> there.call(() -> Arrays.hashCode(much)));
                ended += result.isPresent() ? 1 : 0;
                assertEquals(hash, result.orElse(hash));
                assertEquals(process, there.call(() -> ProcessHandle.current().pid()).longValue());
            }
            assertTrue(ended < 20, "some were cut off");
            assertEquals(hash, there.call(() -> Arrays.hashCode(much)).intValue());
        });
    }

    private static int wrongOnes(byte[] array, byte as, String torn) throws Exception {
        int wrong = 0;
        for (byte each : array) {
            wrong += each == as ? 0 : 1;
        }
        if (wrong > 0) {
            Files.write(Path.of(torn), new byte[0]);
        }
        return wrong;
    }

    @Test
    void bodyOfACallThatIsCutOffSeesNothingOfWhatItsCallerWritesAfterIt() throws Exception {
        String torn = directory.resolve("torn").toString();
        with((pool, _, _, _) -> {
            for (String node : List.of("a", "b")) {
                ClusterPool there = pool.on("name", node);
                assertEquals(7, there.call(() -> 7).intValue());
                byte[] array = new byte[20_000_000];
                for (int millis = 0; millis < 200; millis += 10) {
                    byte as = (byte) millis;
                    Arrays.fill(array, as);
                    Optional<Integer> wrong = Heddle.moveOnAfter(
                            Duration.ofMillis(millis), () -> there.call(() -> wrongOnes(array, as, torn)));
                    assertEquals(0, wrong.orElse(0));
                }
                assertEquals(7, there.call(() -> 7).intValue());
            }
            assertFalse(Files.exists(Path.of(torn)));
        });
    }

    @Test
    void longBodyThatWaitsForItsTurnIsGivenUpAndOthersGoOn() throws Exception {
        with((pool, _, _, _) -> {
            ClusterPool there = pool.on("name", "b");
            byte[] much = new byte[20_000_000];
            Future<Integer> busy = there.submit(() -> endless());
            Future<Integer> waits = there.submit(() -> much.length);
            Heddle.sleep(Duration.ofSeconds(1));
            assertTrue(waits.cancel(true));
            assertTrue(busy.cancel(true));
            assertEquals(20_000_000, there.call(() -> much.length).intValue());
        });
    }

    @Test
    void shortBodiesBehindALongOneAreDoneByTheOtherNode() throws Exception {
        with((pool, _, _, _) -> {
            shorts(pool, 2_000).forEach(each -> assertEquals(1, each.resultNow())); // many are on their way now
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                all.add(pool.submit(() -> 1));
                if (i == 100) {
                    all.add(pool.submit(() -> endless()));
                }
            }
            Heddle.timeout(Duration.ofMinutes(1), () -> {
                // But for the few that a node has in any case.
                while (all.stream().filter(each -> !each.isDone()).count() > 8) {
                    Heddle.sleep(Duration.ofMillis(10));
                }
            });
            Future<Integer> endless = all.get(101);
            assertFalse(endless.isDone());
            endless.cancel(true);
            for (Future<Integer> each : all) {
                assertTrue(each == endless || each.get() == 1);
            }
        });
    }

    private static List<Future<Integer>> shorts(ClusterPool pool, int count) throws Exception {
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(pool.submit(() -> 1));
        }
        for (Future<Integer> each : all) {
            each.get();
        }
        return all;
    }

    @Test
    void deadlineKillsWhatDoesNotEndOnTheOtherNode() throws Exception {
        with((pool, _, _, _) -> {
            ClusterPool there = pool.on("name", "b");
            long before = there.call(() -> ProcessHandle.current().pid());
            Optional<Integer> late = Heddle.moveOnAfter(Duration.ofMillis(300), () -> there.call(() -> endless()));
            assertTrue(late.isEmpty());
            assertNotEquals(before, there.call(() -> ProcessHandle.current().pid()));
        });
    }

    @Test
    void bodyOfAKilledNodeIsLostAndARetriedOneIsDoneElsewhere() throws Exception {
        with((pool, other, peers, _) -> {
            Future<Integer> lost = pool.on("name", "b").submit(() -> endless());
            pool.on("name", "a").run(() -> {});
            Heddle.sleep(Duration.ofSeconds(2));
            other.destroyForcibly();
            assertInstanceOf(
                    BodyLostException.class,
                    assertThrows(ExecutionException.class, lost::get).getCause());
            peers.gone("b");
            assertEquals("a", pool.retrying(2).call(() -> ClusterPool.node()));
        });
    }

    @Test
    void strangersWithoutACertificateAreNotLetIn() throws Exception {
        with((pool, _, _, port) -> {
            assertThrows(TlsException.class, () -> {
                try (ByteStream stream = Tls.connect("127.0.0.1", port, ClientTls.DEFAULT.insecure())) {
                    stream.readAll(10_000);
                }
            });
            try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
                stream.write(new byte[100]);
                stream.readAll(1000); // the alert, and the end
            }
            assertEquals("b", pool.on("name", "b").call(() -> ClusterPool.node()));
        });
    }

    @Test
    void nodeWithACertificateOfAnotherSignerIsRefusedByName() throws Exception {
        Path ours = keys("ours.p12");
        Path theirs = keys("theirs.p12");
        int here = FreePorts.next();
        int there = FreePorts.next();
        Heddle.run(() -> {
            var peers = new PoolNode.Given(PoolNode.peer("a", here), PoolNode.peer("b", there));
            try (ClusterPool pool = PoolNode.pool("a", here, ours, peers);
                    ClusterPool _ = PoolNode.pool("b", there, theirs, new PoolNode.Given(PoolNode.peer("b", there)))) {
                var refused = Heddle.timeout(Duration.ofSeconds(20), () -> assertThrows(
                        NodeRefusedException.class, () -> pool.on("name", "b").call(() -> pid())));
                assertTrue(refused.getMessage().contains("is not that of the node b"), refused.getMessage());
                assertEquals(ProcessHandle.current().pid(), pool.call(() -> pid()));
            }
        });
    }

    @Test
    void nodeThatDoesNotTrustTheCertificateOfItsAskerIsToldByName() throws Exception {
        Path ours = keys("ours.p12");
        Path theirs = keys("theirs.p12");
        int here = FreePorts.next();
        int there = FreePorts.next();
        Heddle.run(() -> {
            var peers = new PoolNode.Given(PoolNode.peer("a", here), PoolNode.peer("b", there));
            try (ClusterPool pool = PoolNode.pool("a", here, PoolNode.security(ours, theirs), peers);
                    ClusterPool _ = PoolNode.pool("b", there, theirs, new PoolNode.Given(PoolNode.peer("b", there)))) {
                var refused = Heddle.timeout(Duration.ofSeconds(20), () -> assertThrows(
                        NodeRefusedException.class, () -> pool.on("name", "b").call(() -> pid())));
                assertTrue(refused.getMessage().contains("does not trust the certificate of a"), refused.getMessage());
                assertEquals(ProcessHandle.current().pid(), pool.call(() -> pid()));
            }
        });
    }
}
