package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The report of a curl that has put a file somewhere.
 *
 * @param body of the answer
 * @param status of the answer
 * @param sentBytes how much of the file it has sent
 */
record Curl(String body, int status, long sentBytes) {

    static final Need NEED = Need.program("curl");

    private static final String TELLING = "\\n%{http_code} %{size_upload}";

    /**
     * Has one for each URL send the same file, all at once on the second processor, and waits for all.
     *
     * @param options further options of curl
     * @throws IOException if one fails
     */
    static List<Curl> putAtOnce(List<String> urls, Path file, List<String> options)
            throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (String url : urls) {
            List<String> command = new ArrayList<>(Wrk.PIN);
            // Servers differ in whether they answer who asks before it sends, and it would wait for a second.
            command.addAll(List.of("curl", "-sS", "--insecure", "-H", "Expect:", "-T", file.toString(), "-w", TELLING));
            command.addAll(options);
            command.add(url);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // Without TLS nobody looks at it.
            builder.environment().putAll(OpenSsl.client());
            processes.add(builder.start());
        }
        List<Curl> all = new ArrayList<>();
        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                processes.forEach(Process::destroy);
                throw new IOException("curl failed: " + output);
            }
            all.add(parse(output));
        }
        return all;
    }

    /**
     * Reads what it prints: the body of the answer, and in a line of its own what it tells.
     *
     * @throws IllegalArgumentException if that is missing
     */
    static Curl parse(String output) {
        int line = output.lastIndexOf('\n');
        String[] told = output.substring(line + 1).split(" ", -1);
        if (line < 0 || told.length != 2) {
            throw new IllegalArgumentException("curl did not say what it has sent:\n" + output);
        }
        return new Curl(output.substring(0, line), Integer.parseInt(told[0]), Long.parseLong(told[1]));
    }
}
