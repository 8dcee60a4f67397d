package dev.heddle.site;

import java.io.IOException;
import java.nio.file.Path;

/** The command: {@code Main PROJECT TARGET}. */
public final class Main {

    private Main() {}

    /** Makes the site of the project in the first directory, in the second one. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Main PROJECT TARGET");
            System.exit(2);
        }
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        Path target = Path.of(arguments[1]).toAbsolutePath().normalize();
        try {
            Site.of(project).write(target);
            Javadoc.write(project, target.resolve("api"));
        } catch (SiteException e) {
            System.err.println("site: " + e.getMessage());
            System.exit(1);
        }
        System.out.println(target.resolve("index.html"));
    }
}
