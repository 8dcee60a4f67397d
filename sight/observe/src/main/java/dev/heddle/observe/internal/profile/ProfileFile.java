package dev.heddle.observe.internal.profile;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file of a profile, whose kind its name tells. */
public enum ProfileFile {
    /** A flame graph for a browser. */
    HTML,
    /** The recording itself, for JDK Mission Control and {@code jfr print}. */
    JFR,
    /** Collapsed stacks, for other programs. */
    COLLAPSED;

    /** The kind of a file by the end of its name: {@code .html}, {@code .jfr}, anything else is collapsed stacks. */
    public static ProfileFile of(Path file) {
        String name = file.toString();
        return name.endsWith(".html") ? HTML : name.endsWith(".jfr") ? JFR : COLLAPSED;
    }

    /**
     * Writes a recording as a file of this kind.
     *
     * @param recording the JDK's own file
     * @param title what was looked at
     * @return how many samples there are
     */
    public long write(Path recording, String title, Path file) throws IOException {
        Profile profile = Profile.read(recording);
        if (this == JFR) {
            Files.copy(recording, file, StandardCopyOption.REPLACE_EXISTING);
            return profile.samples();
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            if (this == HTML) {
                FlameGraph.write(profile, title, out);
            } else {
                profile.writeCollapsed(out);
            }
        }
        return profile.samples();
    }
}
