package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The name server of a program that asks the system's resolver. That one reads /etc/resolv.conf and knows one port, so
 * the program gets files of its own there, in a mount namespace. See unshare(1), resolv.conf(5).
 */
final class SystemNameServer {

    static final String ADDRESS = "127.0.0.153";
    static final int PORT = 53;

    static final Need NEED = new Need(
            "to be run by root, for an /etc/resolv.conf of its own in a mount namespace and a name server on "
                    + ADDRESS + " port " + PORT,
            SystemNameServer::isAllowed);

    private static final String MOUNT = "mount --bind \"$1\" /etc/resolv.conf && mount --bind \"$2\" /etc/nsswitch.conf"
            + " && shift 2 && exec \"$@\"";

    private SystemNameServer() {}

    /** The command that runs another one, whose system's resolver asks there and nowhere else. */
    static List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", MOUNT, "sh",
                file("nameserver " + ADDRESS), file("hosts: dns")));
        command.addAll(program);
        return command;
    }

    private static String file(String line) {
        try {
            Path file = Files.createTempFile("heddle-bench", ".conf");
            file.toFile().deleteOnExit();
            return Files.writeString(file, line + "\n").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAllowed() {
        try (var _ = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), PORT))) {
            return new ProcessBuilder(command(List.of("true")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException | UncheckedIOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
