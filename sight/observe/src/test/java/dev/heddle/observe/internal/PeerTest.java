package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.SystemUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is at the other end, as the kernel tells it: a process of another user, where this one may start one. */
@Tag("full")
final class PeerTest {

    private static final int NOBODY = 65534;

    @TempDir
    Path temporary;

    @Test
    void processOfAnotherUserIsRefusedEvenWhereItCanReachTheSocket() throws Exception {
        boolean root = SystemUser.number() == 0;
        SocketDirectory directory = SocketDirectory.claim(SystemUser.number(), Map.of(), temporary);
        UserPrincipal user = Files.getOwner(directory.path());
        try (SocketServer server = new SocketServer(
                directory.listen(1), Views::of, peer -> ProcessObserver.mayAsk(peer, user), Connection.PATIENCE)) {
            Thread.ofPlatform().daemon().start(server::run);
            for (Path each = directory.socket(1); !each.equals(temporary.getParent()); each = each.getParent()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            Path program = Files.writeString(temporary.resolve("Ask.java"),
                    """
                            void main(String[] words) throws Exception {
                                try (var channel = java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(words[0]))) {
                                    channel.write(java.nio.ByteBuffer.wrap((words[1] + "\\n").getBytes()));
                                    java.nio.channels.Channels.newInputStream(channel).transferTo(System.out);
                                }
                            }
                            """);
            String refused = "this process is another user's";
            assertEquals(
                    root ? refused : "unknown verb dance; this process knows " + String.join(", ", Views.verbs()),
                    asked(root, program, directory.socket(1), "dance"));
            if (root) {
                assertEquals(refused, asked(true, program, directory.socket(1), "dump"));
            }
        }
    }

    /** The error that a process of another user gets, where this one may start one. */
    private static String asked(boolean root, Path program, Path socket, String verb) throws Exception {
        List<String> command = new ArrayList<>();
        if (root) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                program.toString(), socket.toString(), verb));
        Process peer = new ProcessBuilder(command).redirectErrorStream(true).start();
        String answer = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, peer.waitFor(), answer);
        String begin = "{\"kind\":\"error\",\"message\":\"";
        assertTrue(answer.startsWith(begin) && answer.endsWith("\"}\n"), answer);
        return answer.substring(begin.length(), answer.length() - 3);
    }
}
