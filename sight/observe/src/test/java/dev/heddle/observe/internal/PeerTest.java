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

    /** As root another user asks; otherwise a process of this one asks a socket of another user's. */
    @Test
    void processOfAnotherUserIsRefusedEvenWhereItCanReachTheSocket() throws Exception {
        boolean root = SystemUser.number() == 0;
        UserPrincipal nobody = temporary.getFileSystem().getUserPrincipalLookupService()
                .lookupPrincipalByName("nobody");
        SocketDirectory directory = SocketDirectory.claim(SystemUser.number(), Map.of(), temporary);
        UserPrincipal user = Files.getOwner(directory.path());
        try (SocketServer server = server(directory, 1, user); SocketServer theirs = server(directory, 2, nobody)) {
            Thread.ofPlatform().daemon().start(server::run);
            Thread.ofPlatform().daemon().start(theirs::run);
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
            assertEquals("unknown verb dance; this process knows " + String.join(", ", Views.verbs()),
                    asked(false, program, directory.socket(1), "dance"));
            for (String verb : List.of("dance", "dump")) {
                assertEquals("this process is another user's",
                        asked(root, program, directory.socket(root ? 1 : 2), verb));
            }
        }
    }

    private static SocketServer server(SocketDirectory directory, long number, UserPrincipal owner) throws Exception {
        return new SocketServer(
                directory.listen(number), Views::of, peer -> ProcessObserver.mayAsk(peer, owner), Connection.PATIENCE);
    }

    /** The error that a process gets. */
    private static String asked(boolean another, Path program, Path socket, String verb) throws Exception {
        List<String> command = new ArrayList<>();
        if (another) {
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
