package dev.heddle.cli.sight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All programs are asked at the same time, and one that hangs costs the list its patience and no more. */
final class ProgramListTest {

    private static final long PID = ProcessHandle.current().pid();

    private static final int MANY = 100;

    private static final long LONG_MILLIS = 60_000;

    private static final long SHORT_MILLIS = 2_000;

    @TempDir
    Path directory;

    /** A socket that takes so many in, and answers them when all are there. */
    private Program program(String name, int askers) throws IOException {
        Path path = directory.resolve(name);
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path), MANY);
        Thread.ofPlatform().daemon().start(() -> answer(socket, askers));
        return new Program(PID, path);
    }

    private static void answer(ServerSocketChannel socket, int askers) {
        List<SocketChannel> all = new ArrayList<>();
        try (socket) {
            while (all.size() < askers) {
                all.add(socket.accept());
            }
            String line = "{\"kind\":\"program\",\"pid\":" + PID + ",\"main\":\"Shop\"}\n{\"kind\":\"end\"}\n";
            for (SocketChannel each : all) {
                each.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
                each.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void allAreAskedAtTheSameTime() throws Exception {
        ProgramList list = ProgramList.ask(Collections.nCopies(MANY, program("many.sock", MANY)), LONG_MILLIS);
        assertEquals(MANY, list.rows().size());
        assertFalse(list.rows().stream().anyMatch(ProgramList.Row::hasProblem), () -> list.rows().toString());
    }

    @Test
    @Tag("full") // it waits
    void oneThatHangsIsNamedAndTheOthersAreShown() throws Exception {
        List<Program> programs = List.of(program("hung.sock", MANY), program("fine.sock", 1));
        ProgramList list = ProgramList.ask(programs, SHORT_MILLIS);
        List<ProgramList.Row> hung = list.rows().stream().filter(ProgramList.Row::hasProblem).toList();
        assertEquals(1, hung.size());
        assertTrue(hung.getFirst().line().text("problem").contains("does not answer"), hung::toString);
        assertEquals(
                List.of("Shop"),
                list.rows().stream().filter(row -> !row.hasProblem()).map(row -> row.line().text("main")).toList());
    }
}
