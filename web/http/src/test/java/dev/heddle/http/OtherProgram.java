package dev.heddle.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that is somebody else's, in a process of its own.
 *
 * @param directory where it runs
 * @param command with its arguments
 */
public record OtherProgram(Path directory, List<String> command) {

    /** The system's, which sees the modules that the system has. */
    public static final String PYTHON = "/usr/bin/python3";

    public static final String NODE = "/usr/bin/node";

    public OtherProgram(Path directory, String... command) {
        this(directory, List.of(command));
    }

    public OtherProgram with(String... arguments) {
        var longer = new ArrayList<>(command);
        longer.addAll(List.of(arguments));
        return new OtherProgram(directory, longer);
    }

    /** Skips the test where the program is missing. */
    public static void assumeInstalled(String program) {
        assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
    }

    /** Skips the test where Python or the module is missing. */
    public static void assumePythonHas(String module) throws Exception {
        assumeInstalled(PYTHON);
        String answer = new OtherProgram(Path.of("."), PYTHON, "-c", "import " + module + "; print('yes')").output();
        assumeTrue(answer.strip().equals("yes"), "Python does not have " + module);
    }

    /** Begins to run it; what it prints, its errors too, is for the caller to read. */
    public Process start() throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("PYTHONIOENCODING", "UTF-8");
        builder.environment().put("NO_PROXY", "*");
        return builder.start();
    }

    /**
     * Waits until a Unix socket of the process takes connections, or the process has ended: the file is there a moment
     * before. Blocks.
     */
    public static void awaitSocket(Process process, Path socket) throws InterruptedException {
        while (process.isAlive() && !accepts(socket)) {
            Thread.sleep(10);
        }
    }

    private static boolean accepts(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs it to its end, and gives all that it has printed, its errors too. Blocks. */
    public String output() throws IOException, InterruptedException {
        Process process = start();
        process.getOutputStream().close();
        try (InputStream in = process.getInputStream()) {
            String out = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return out;
        } finally {
            process.destroyForcibly();
        }
    }
}
