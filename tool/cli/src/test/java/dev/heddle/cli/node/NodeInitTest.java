package dev.heddle.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each node gets a directory with its certificate and the addresses of the others, and shows no wrong one. */
final class NodeInitTest {

    @TempDir
    Path directory;

    private CommandLine init(String... words) {
        List<String> all = new ArrayList<>(List.of("node", "init", directory.resolve("shop").toString()));
        all.addAll(List.of(words));
        return CommandLine.run(all.toArray(String[]::new));
    }

    private NodeFiles node(String name) {
        return NodeFiles.read(directory.resolve("shop").resolve(name));
    }

    private String refusal(String... words) {
        CommandLine run = init(words);
        assertEquals(Exit.USAGE, run.exit());
        return run.err().lines().findFirst().orElse("");
    }

    @Test
    void eachNodeKnowsItselfAndTheOthers() {
        CommandLine run = init("a=10.0.0.1:7100", "b=zk1:7100", "c=[::1]:7100");

        assertEquals(Exit.FINE, run.exit(), run.err());
        assertTrue(run.err().startsWith("made 3 nodes in "), run.err());
        assertTrue(run.err().contains("  heddle node --embedded " + directory.resolve("shop/b") + "\n"), run.err());
        assertTrue(run.err().endsWith("the cluster begins when 2 of them run\n"), run.err());
        NodeFiles b = node("b");
        assertEquals("shop", b.cluster());
        assertEquals(new NodeAddress(2, "b", "zk1", 7100, true), b.self());
        assertEquals(
                List.of(new NodeAddress(1, "a", "10.0.0.1", 7100, true), new NodeAddress(3, "c", "::1", 7100, true)),
                b.others());
        assertTrue(b.founder());
        for (String name : List.of("a", "b", "c")) {
            assertEquals(2, node(name).identity().chain().size());
        }
    }

    @Test
    void keysAreForTheirOwnerAlone() throws Exception {
        init("a=10.0.0.1:7100");
        for (String file : List.of("authority.pem", "a/node.pem")) {
            Path path = directory.resolve("shop").resolve(file);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), file);
        }
        assertFalse(Files.readString(directory.resolve("shop/a/trust.pem")).contains("PRIVATE"));
    }

    @Test
    void nodesThatComeLaterJoinThoseThatWereThere() {
        init("a=10.0.0.1:7100", "b=10.0.0.2:7100");
        CommandLine run = init("c=10.0.0.3:7100", "d=10.0.0.4:7100");

        assertEquals(Exit.FINE, run.exit(), run.err());
        assertFalse(node("d").founder());
        assertEquals(4, node("d").self().id());
        assertEquals(List.of("a", "b"), node("d").others().stream().map(NodeAddress::name).toList());
        assertEquals(2, node("d").identity().chain().size());
    }

    @Test
    void nodeThatTakesThePlaceOfALostOneHasItsVoteHoweverManyThereHaveBeen() {
        init("a=10.0.0.1:7100", "b=10.0.0.2:7100", "c=10.0.0.3:7100", "d=10.0.0.4:7100", "e=10.0.0.5:7100",
                "f=10.0.0.6:7100");
        assertFalse(node("f").self().voter());
        String lost = "b";
        for (int i = 0; i < 3; i++) {
            CommandLine run = init("--replace", lost, "n" + i + "=10.0.0.2:7100");
            assertEquals(Exit.FINE, run.exit(), run.err());
            assertTrue(
                    run.err().endsWith("as it starts it takes the place of " + lost + ", which must never run again\n"),
                    run.err());
            lost = "n" + i;
        }
        NodeFiles last = node("n2");
        assertEquals(new NodeAddress(9, "n2", "10.0.0.2", 7100, true), last.self());
        assertEquals(8, last.replaces());
        assertEquals(List.of("a", "c", "d", "e", "f"), last.others().stream().map(NodeAddress::name).sorted().toList());
        assertEquals(0, node("a").replaces());
        init("g=10.0.0.7:7100");
        assertFalse(node("g").self().voter(), "five vote");
        assertTrue(node("g").others().stream().anyMatch(other -> other.name().equals("n2") && other.voter()));
        assertTrue(refusal("--replace", "b", "o=10.0.0.9:7100").contains("there is no node b in "));
        assertTrue(refusal("--replace", "a", "o=10.0.0.9:7100", "p=10.0.0.8:7100").endsWith("one node at a time"));
        assertTrue(refusal("b=10.0.0.9:7100").contains("the name b is taken"));
    }

    @Test
    void wrongAddressesAreToldAndNothingIsMade() {
        assertEquals(
                "heddle node: a node is written NAME=HOST:PORT, as in a=10.0.0.1:7100, not \"a\"", refusal("a"));
        assertEquals(
                "heddle node: a node is written NAME=HOST:PORT, as in a=10.0.0.1:7100, not \"../a=b:1\"",
                refusal("../a=b:1"));
        assertTrue(refusal("a=b:65534").endsWith("since it uses the two behind it as well, not 65534"));
        assertTrue(refusal("a=b:7100", "a=c:7100").contains("the name a is taken"));
        assertTrue(refusal("a=b:7100", "c=b:7102").endsWith("of which 7102 is another node's"));
        assertTrue(refusal().endsWith("init needs a directory, and nodes as NAME=HOST:PORT"));
        assertFalse(Files.exists(directory.resolve("shop")));
    }

    @Test
    void directoryOfAnotherClusterIsRefused() {
        init("--cluster", "kitchen", "a=10.0.0.1:7100");
        CommandLine run = init("--cluster", "bar", "b=10.0.0.2:7100");

        assertEquals(Exit.NOT_ALL, run.exit());
        assertTrue(run.err().endsWith("is that of the cluster kitchen, not of bar\n"), run.err());
        assertEquals("kitchen", node("a").cluster());
    }

    // ---- certificates ----

    private String refusedIdentity() {
        return assertThrows(FailureException.class, () -> node("a").identity()).getMessage();
    }

    private static TlsAuthority authority() {
        return TlsAuthority.create("x", Duration.ofDays(1));
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws Exception {
        init("a=10.0.0.1:7100");
        Path file = node("a").identityFile();
        Files.writeString(file, authority().issue(Duration.ofDays(1), "10.0.0.1").pem());
        assertEquals(
                "the certificate in " + file + " was not signed by the authority in " + node("a").trustFile(),
                refusedIdentity());
    }

    @Test
    void certificateForAnotherHostIsRefused() throws Exception {
        init("a=10.0.0.1:7100");
        Path file = node("a").identityFile();
        Files.writeString(file, authority().issue(Duration.ofDays(1), "10.0.0.2").pem());
        assertEquals(
                "the certificate in " + file + " is for [10.0.0.2], and the others reach this node at 10.0.0.1",
                refusedIdentity());
    }

    @Test
    void certificateWhoseTimeIsOverIsRefused() throws Exception {
        init("a=10.0.0.1:7100");
        Files.writeString(
                node("a").identityFile(), authority().issue(Duration.ofMinutes(30), "10.0.0.1").pem());
        assertTrue(refusedIdentity().contains(" was valid until "), refusedIdentity());
    }

    private CommandLine renew(String... words) {
        List<String> all = new ArrayList<>(List.of("node", "renew", directory.resolve("shop").toString()));
        all.addAll(List.of(words));
        return CommandLine.run(all.toArray(String[]::new));
    }

    @Test
    void certificatesAreRenewedAndTakenByANodeThatRuns() throws Exception {
        init("--days", "20", "a=10.0.0.1:7100", "b=10.0.0.2:7100");
        var identity = new NodeIdentity(node("a"));
        Instant now = Instant.now();
        assertTrue(identity.look(now).orElseThrow().startsWith("the certificate of node a is valid until "));
        assertEquals(Optional.empty(), identity.look(now.plus(Duration.ofHours(23))));
        assertTrue(identity.look(now.plus(Duration.ofDays(1))).orElseThrow().contains("heddle node renew"));
        assertTrue(identity.look(now.plus(Duration.ofDays(21))).orElseThrow().contains(" a was valid until "));

        TlsIdentity before = identity.get();
        CommandLine run = renew("a");
        assertEquals(Exit.FINE, run.exit(), run.err());
        assertTrue(run.err().startsWith("made 1 certificate; copy each over that of its node"), run.err());
        assertTrue(run.err().endsWith("  " + directory.resolve("shop/a/node.pem") + "\n"), run.err());
        touched();
        assertTrue(identity.look(now).orElseThrow().startsWith("node a has a new certificate, valid until "));
        assertNotSame(before, identity.get());
        assertEquals(Optional.empty(), identity.look(now.plus(Duration.ofDays(300))));
        assertTrue(identity.look(now.plus(Duration.ofDays(336))).isPresent());
        assertEquals(before.chain().getLast(), identity.get().chain().getLast());
        assertTrue(renew("z").err().contains("there is no node z in "));
    }

    @Test
    void certificateThatCannotBeTakenIsToldOnceAndTheOneBeforeIsKept() throws Exception {
        init("a=10.0.0.1:7100");
        var identity = new NodeIdentity(node("a"));
        TlsIdentity before = identity.get();
        Files.writeString(node("a").identityFile(), "half a cert");
        touched();
        String news = identity.look(Instant.now()).orElseThrow();
        assertTrue(news.startsWith("node a keeps its certificate, valid until "), news);
        assertEquals(Optional.empty(), identity.look(Instant.now()));
        Files.delete(node("a").identityFile());
        assertTrue(identity.look(Instant.now()).orElseThrow().contains("cannot take "));
        assertEquals(Optional.empty(), identity.look(Instant.now()));
        assertSame(before, identity.get());
    }

    /** Another time than before, whatever the clock of the files. */
    private void touched() throws Exception {
        Files.setLastModifiedTime(node("a").identityFile(), FileTime.from(Instant.now().plusSeconds(5)));
    }

    @Test
    void nothingIsMadeByAnotherAuthorityThanTheOneOfBefore() throws Exception {
        init("a=10.0.0.1:7100");
        Files.delete(directory.resolve("shop/authority.pem"));
        for (CommandLine run : List.of(renew(), init("b=10.0.0.2:7100"))) {
            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.err().contains("authority.pem is not there, which signs the certificates of shop"),
                    run.err());
        }
    }

    @Test
    void directoryThatIsNoneOfANodeSaysWhoMakesThem() {
        assertEquals(
                directory + " is no directory of a node; heddle node init makes those of a cluster",
                assertThrows(FailureException.class, () -> NodeFiles.read(directory)).getMessage());
    }
}
