package dev.heddle.http.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report below {@code docs/reports} of which a program writes what stands between two markers, and people the rest. */
public final class Report {

    private static final String FROM = "<!-- from here to the next marker: written by the program -->\n";
    private static final String TO = "<!-- written by hand from here -->\n";

    private Report() {}

    /**
     * Replaces what the program has written.
     *
     * @param name of the file
     * @throws IllegalStateException if the report has no markers
     */
    public static void write(String name, String text) throws IOException {
        Path report = Path.of("docs", "reports", name);
        String old = Files.readString(report);
        int from = old.indexOf(FROM) + FROM.length();
        int to = old.indexOf(TO);
        if (from < FROM.length() || to < from) {
            throw new IllegalStateException(report + " lacks the lines " + FROM + TO);
        }
        Files.writeString(report, old.substring(0, from) + "\n" + text.strip() + "\n\n" + old.substring(to));
        System.out.println("see " + report.toAbsolutePath());
    }
}
