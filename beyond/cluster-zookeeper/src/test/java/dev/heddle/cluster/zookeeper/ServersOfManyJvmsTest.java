package dev.heddle.cluster.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.FreePorts;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers in JVMs of their own make one ensemble, which outlives one of them, and takes and gives others at run time. */
@Tag("night")
final class ServersOfManyJvmsTest {

    private static final Duration VALID = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final List<PeerProcess> running = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (PeerProcess process : running) {
            process.kill();
        }
    }

    private PeerProcess start(String verb, ZooKeeperPeer self, ZooKeeperPeer... others) throws IOException {
        PeerProcess process = new PeerProcess(verb, directory.resolve("" + self.id()), null, self, others);
        running.add(process);
        return process;
    }

    private static ZooKeeperPeer voter(int id) throws IOException {
        return ZooKeeperPeer.voter(id, "127.0.0.1", FreePorts.next(), FreePorts.next());
    }

    @Test
    void threeServersOutliveTheirLeaderAndTakeAndGiveAFourth() throws Exception {
        ZooKeeperPeer one = voter(1);
        ZooKeeperPeer two = voter(2);
        ZooKeeperPeer three = voter(3);
        List<PeerProcess> servers = new ArrayList<>(List.of(
                start("found", one, two, three), start("found", two, one, three), start("found", three, one, two)));
        for (PeerProcess server : servers) {
            assertEquals("ready", server.awaitFirst());
        }
        assertEquals("Committed", servers.get(0).ask("create a first"));
        assertEquals("first", servers.get(1).ask("get a"));
        assertEquals("first", servers.get(2).ask("get a"));

        ZooKeeperPeer four = voter(4);
        PeerProcess fourth = start("join", four, one, two, three);
        assertEquals("ready", fourth.awaitFirst());
        assertEquals("first", fourth.ask("get a"));
        assertEquals("[1, 2, 3, 4]", servers.get(0).ask("peers"));

        PeerProcess leader = servers.stream().filter(ServersOfManyJvmsTest::leads).findFirst().orElseThrow();
        leader.kill();
        servers.remove(leader);
        // Each session is without a server for a moment, which says so.
        await("Committed", servers.get(0), "set a second");
        await("second", servers.get(1), "get a");
        await("second", fourth, "get a");

        PeerProcess again = start("restart", leader.self(), four);
        assertEquals("ready", again.awaitFirst());
        assertEquals("second", again.ask("get a"));

        assertEquals("left", fourth.ask("leave"));
        await("Committed", again, "set a third");
        await("third", servers.get(0), "get a");
        assertEquals("[1, 2, 3]", again.ask("peers"));
        assertTrue(fourth.ask("state").startsWith("not running"));
    }

    @Test
    void serverThatComesInWithAnIdThatIsTakenIsRefused() throws Exception {
        ZooKeeperPeer one = voter(1);
        PeerProcess first = start("found", one);
        assertEquals("ready", first.awaitFirst());
        ZooKeeperPeer two = ZooKeeperPeer.observer(2, "127.0.0.1", FreePorts.next(), FreePorts.next());
        PeerProcess second = start("join", two, one);
        assertEquals("ready", second.awaitFirst());
        assertEquals("observing", second.ask("state"));
        assertEquals("Committed", second.ask("create a first"));
        second.kill();
        ZooKeeperPeer other = ZooKeeperPeer.observer(2, "127.0.0.1", FreePorts.next(), FreePorts.next());
        PeerProcess stranger = new PeerProcess("join", directory.resolve("stranger"), null, other, one);
        running.add(stranger);
        String answer = stranger.awaitFirst();
        assertTrue(answer.contains("know a server 2 already"), answer);
        assertEquals("removed", first.ask("remove 2"));
        assertEquals("[1]", first.ask("peers"));
    }

    @Test
    void serverThatHasNoRoomLeavesTheLeadToOthers() throws Exception {
        Path small = Files.createDirectories(directory.resolve("small"));
        ZooKeeperPeer one = voter(1);
        ZooKeeperPeer two = voter(2);
        ZooKeeperPeer three = voter(3);
        PeerProcess first = start("found", one, two, three);
        PeerProcess second = start("found", two, one, three);
        assertEquals("ready", first.awaitFirst());
        assertEquals("ready", second.awaitFirst());
        PeerProcess full = startOnSmallDisk(small, three, one, two);
        assertEquals("ready", full.awaitFirst());
        put(first, "a", "before");
        await("before", full, "get a");
        assertEquals("leading", second.ask("state"));
        assertEquals("full", full.ask("fill " + small));
        // Both know the same, so the higher number would be chosen: that of the server without room.
        second.pause();
        await(Set.of("not running: it gives up: it has no room to write, and no room is left at " + small), full,
                "state");
        second.goOn();
        put(first, "b", "behind");
    }

    private PeerProcess startOnSmallDisk(Path small, ZooKeeperPeer self, ZooKeeperPeer... others) throws Exception {
        assumeTrue(new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0, "no namespaces for this user");
        List<String> before = List.of(
                "unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=2m none " + small + " && exec \"$@\"", "sh");
        PeerProcess process = new PeerProcess(before, "found", small, null, self, others);
        running.add(process);
        return process;
    }

    @Test
    void serverWhoseDiskIsFullStopsAndSaysSoAndNothingIsLost() throws Exception {
        Path small = Files.createDirectories(directory.resolve("small"));
        ZooKeeperPeer one = voter(1);
        ZooKeeperPeer two = voter(2);
        ZooKeeperPeer three = voter(3);
        PeerProcess first = start("found", one, two, three);
        PeerProcess second = start("found", two, one, three);
        PeerProcess full = startOnSmallDisk(small, three, one, two);
        for (PeerProcess server : List.of(first, second, full)) {
            assertEquals("ready", server.awaitFirst());
        }
        String value = "x".repeat(60_000);
        for (int i = 0; i < 60; i++) {
            put(first, "a" + i, value);
        }
        for (int i = 0; i < 60; i++) {
            await(value, second, "get a" + i);
        }
        String itStops = "not running: it gives up: ";
        String why = ", and no room is left at " + small;
        await(Set.of(itStops + "TXNLOG_ERROR_TAKING_SNAPSHOT" + why, itStops + "it has no room to write" + why), full,
                "state");
    }

    /**
     * Puts a value under a new key, also if the server that leads goes meanwhile. A refused create is a try before that
     * was done after all, or that the server without room only seemed to have done: it has a change in memory before it
     * finds that it cannot write it, and may answer by that until it stops. What was acknowledged must stay.
     */
    private static void put(PeerProcess server, String key, String value) throws Exception {
        long begin = System.nanoTime();
        boolean acknowledged = false;
        while (true) {
            String created = server.ask("create " + key + " nothing");
            acknowledged |= created.equals("Committed");
            String set = server.ask("set " + key + ' ' + value);
            if (set.equals("Committed")) {
                return;
            }
            assertFalse(acknowledged && set.equals("Refused"), key + " was created, and is gone");
            assertTrue(System.nanoTime() - begin < 20_000_000_000L, key + ": " + created + ", " + set);
            Thread.sleep(20);
        }
    }

    @Test
    void serversTalkByMutualTlsAndLetNoStrangerIn() throws Exception {
        ZooKeeperPeer one = ZooKeeperPeer.voter(1, "localhost", FreePorts.next(), FreePorts.next());
        ZooKeeperPeer two = ZooKeeperPeer.voter(2, "localhost", FreePorts.next(), FreePorts.next());
        ZooKeeperPeer three = ZooKeeperPeer.voter(3, "localhost", FreePorts.next(), FreePorts.next());
        TlsAuthority ours = TlsAuthority.create("ours", VALID);
        Path trust = Files.writeString(directory.resolve("trust.pem"), ours.identity().chainPem());
        TlsIdentity theirs = TlsAuthority.create("theirs", VALID).issue(VALID, "localhost");
        Path stranger = Files.writeString(directory.resolve("stranger.pem"), theirs.pem());

        PeerProcess first = startTls(ours.issue(VALID, "localhost"), trust, one, two);
        PeerProcess second = startTls(ours.issue(VALID, "localhost"), trust, two, one);
        assertEquals("ready", first.awaitFirst());
        assertEquals("ready", second.awaitFirst());
        assertEquals("Committed", first.ask("create a secret"));
        assertEquals("secret", second.ask("get a"));

        EmbeddedOptions options = EmbeddedOptions.withTls(
                new PemFiles(stranger, trust), directory.resolve("3"), three, one, two)
                .withPatience(Duration.ofSeconds(3));
        Heddle.run(() -> {
            var failed = assertThrows(EmbeddedZooKeeperException.class, () -> EmbeddedZooKeeper.join(options));
            assertTrue(failed.getMessage().contains("does not serve within"), failed::getMessage);
        });
        assertEquals("[1, 2]", first.ask("peers"));
        assertEquals("Committed", second.ask("set a kept"));
    }

    @Test
    void serversTakeRenewedCertificatesWhileTheyRunAndKeepTheirConnectionsOnTheDayThatTheOldOnesEnd() throws Exception {
        ZooKeeperPeer one = ZooKeeperPeer.voter(1, "localhost", FreePorts.next(), FreePorts.next());
        ZooKeeperPeer two = ZooKeeperPeer.voter(2, "localhost", FreePorts.next(), FreePorts.next());
        ZooKeeperPeer three = ZooKeeperPeer.voter(3, "localhost", FreePorts.next(), FreePorts.next());
        TlsAuthority ours = TlsAuthority.create("ours", VALID);
        Path trust = Files.writeString(directory.resolve("trust.pem"), ours.identity().chainPem());
        Instant end = Instant.now().plusSeconds(25);
        Duration untilEnd = Duration.ofHours(1).plus(Duration.between(Instant.now(), end)); // from an hour ago
        List<PeerProcess> servers = new ArrayList<>(List.of(
                startTls(ours.issue(untilEnd, "localhost"), trust, one, two, three),
                startTls(ours.issue(untilEnd, "localhost"), trust, two, one, three),
                startTls(ours.issue(untilEnd, "localhost"), trust, three, one, two)));
        for (PeerProcess server : servers) {
            assertEquals("ready", server.awaitFirst());
        }
        while (Instant.now().isBefore(end.plusSeconds(1))) {
            Thread.sleep(100);
        }
        assertEquals("Committed", servers.get(0).ask("create a first"));
        PeerProcess killed = servers.stream().filter(server -> !leads(server)).findFirst().orElseThrow();
        servers.remove(killed);
        killed.kill();
        for (ZooKeeperPeer each : List.of(one, two, three)) {
            Path file = Files.writeString(directory.resolve("new"), ours.issue(VALID, "localhost").pem());
            Files.move(file, directory.resolve(each.id() + ".pem"), StandardCopyOption.ATOMIC_MOVE);
        }
        var tls = new PemFiles(directory.resolve(killed.self().id() + ".pem"), trust);
        PeerProcess again = new PeerProcess("restart", directory.resolve("" + killed.self().id()), tls, killed.self(),
                servers.get(0).self(), servers.get(1).self());
        running.add(again);
        assertEquals("ready", again.awaitFirst());
        assertEquals("first", again.ask("get a"));
    }

    @Test
    void serverThatTakesThePlaceOfALostOneLeavesAnEnsembleThatOutlivesTheNextLoss() throws Exception {
        ZooKeeperPeer one = voter(1);
        ZooKeeperPeer two = voter(2);
        ZooKeeperPeer three = voter(3);
        List<PeerProcess> servers = new ArrayList<>(List.of(
                start("found", one, two, three), start("found", two, one, three), start("found", three, one, two)));
        for (PeerProcess server : servers) {
            assertEquals("ready", server.awaitFirst());
        }
        assertEquals("Committed", servers.get(0).ask("create a first"));
        for (int next = 4; next <= 7; next++) { // more often than there are voters
            PeerProcess lost = servers.removeFirst();
            lost.kill();
            PeerProcess fresh = start("replace:" + lost.self().id(), voter(next), servers.get(0).self(),
                    servers.get(1).self());
            assertEquals("ready", fresh.awaitFirst());
            assertEquals("first", fresh.ask("get a"));
            servers.add(fresh);
            List<Integer> ids = servers.stream().map(server -> server.self().id()).toList();
            await(ids.toString(), fresh, "peers");
        }
    }

    private PeerProcess startTls(TlsIdentity identity, Path trust, ZooKeeperPeer self, ZooKeeperPeer... others)
            throws Exception {
        Path file = Files.writeString(directory.resolve(self.id() + ".pem"), identity.pem());
        PeerProcess process = new PeerProcess(
                "found", directory.resolve("" + self.id()), new PemFiles(file, trust), self, others);
        running.add(process);
        return process;
    }

    private static boolean leads(PeerProcess server) {
        try {
            return server.ask("state").equals("leading");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String expected, PeerProcess server, String line) throws Exception {
        await(Set.of(expected), server, line);
    }

    private static void await(Set<String> expected, PeerProcess server, String line) throws Exception {
        long begin = System.nanoTime();
        String answer = server.ask(line);
        while (!expected.contains(answer)) {
            assertTrue(System.nanoTime() - begin < 20_000_000_000L, answer);
            Thread.sleep(20);
            answer = server.ask(line);
        }
    }
}
