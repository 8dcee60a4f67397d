package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.Exit;
import dev.heddle.conformance.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes in JVMs of their own agree, work for each other, leave in order, and are killed, as the guide says. */
@Tag("full")
final class NodeProcessTest {

    @TempDir
    private Path directory;

    private final List<ChildJvm> running = new ArrayList<>();

    @BeforeEach
    void makeThreeNodes() throws Exception {
        CommandLine run = CommandLine.run(
                "node", "init", shop("").toString(), "a=127.0.0.1:" + FreePorts.next(3),
                "b=127.0.0.1:" + FreePorts.next(3),
                "c=127.0.0.1:" + FreePorts.next(3));
        assertEquals(Exit.FINE, run.exit(), run.err());
    }

    @AfterEach
    void endAll() {
        running.forEach(node -> {
            List<ProcessHandle> below = node.process.descendants().toList();
            if (node.process.toHandle().isAlive()) { // else its number may be another's
                below.forEach(ProcessHandle::destroyForcibly);
            }
            node.close();
        });
    }

    private Path shop(String node) {
        return directory.resolve("shop").resolve(node);
    }

    private ChildJvm node(String name, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("node", "--embedded", shop(name).toString(), "--workers", "2"));
        all.addAll(List.of(words));
        ChildJvm node = ChildJvm.start(all.toArray(String[]::new));
        running.add(node);
        return node;
    }

    private CommandLine cluster(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--embedded", shop("a").toString()));
        try (ChildJvm command = ChildJvm.start(all.toArray(String[]::new))) {
            return command.end();
        }
    }

    @Test
    void mapOverThreeNodesIsCompleteAlsoWhenOneIsKilled() throws Exception {
        ChildJvm a = node("a", "-l", "gpu=yes");
        ChildJvm b = node("b");
        a.awaitErr("node a of the cluster shop is ready");
        b.awaitErr("is ready: 2 workers");
        CommandLine shown = cluster("cluster");
        assertTrue(shown.out().contains("\na     127.0.0.1:"), shown.out() + shown.err());
        assertTrue(shown.out().contains("gpu=yes"), shown.out());

        ChildJvm c = node("c", "--program", Squares.class.getName(), "6000");
        c.awaitOut("the first of b");
        b.close();
        assertEquals("sum 72018001000 by [a, b, c]", c.awaitOut("sum"));
        assertEquals(Exit.FINE, c.end().exit());

        a.signal("TERM");
        a.awaitErr("leaving");
        assertEquals(Exit.TERMINATED, a.end().exit());
    }

    @Test
    void nodeLeavesInOrderAndComesBackToItsData() throws Exception {
        ChildJvm a = node("a");
        ChildJvm b = node("b");
        a.awaitErr("is ready");
        b.awaitErr("is ready");
        assertEquals(Exit.FINE, cluster("jobs", "pause", "mail").exit());
        b.signal("TERM");
        assertEquals(Exit.TERMINATED, b.end().exit());
        assertFalse(Files.exists(shop("b/store/door")));
        node("b").awaitErr("is ready");
        assertEquals(Exit.FINE, cluster("jobs", "resume", "mail").exit());
    }

    @Test
    void certificateOfAnotherClusterIsNotLetIn() throws Exception {
        CommandLine.run("node", "init", directory.resolve("other").toString(), "c=127.0.0.1:7");
        Files.copy(directory.resolve("other/c/node.pem"), Files.createDirectories(shop("x")).resolve("node.pem"));
        Files.delete(shop("c").resolve("node.pem"));
        Files.copy(shop("x").resolve("node.pem"), shop("c").resolve("node.pem"));
        CommandLine refused = node("c").end();
        assertEquals(Exit.NOT_ALL, refused.exit());
        assertTrue(refused.err().contains("was not signed by the authority in"), refused.err());
    }

    @Test
    void nodeWithAnotherClassPathIsTold() throws Exception {
        ChildJvm a = node("a");
        ChildJvm b = node("b");
        a.awaitErr("is ready");
        b.awaitErr("is ready");
        Path more = Files.createDirectories(directory.resolve("more"));
        Files.writeString(more.resolve("x"), "x");
        List<String> command = ChildJvm.command("node", "--embedded", shop("c").toString());
        command.set(command.indexOf("-cp") + 1, System.getProperty("java.class.path") + ":" + more);
        Process other = new ProcessBuilder(command).start();
        String err = new String(other.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(Exit.NOT_ALL, other.waitFor());
        assertTrue(err.contains("the class path of this node ("), err);
        assertTrue(err.contains("is not that of a ("), err);
    }
}
