package dev.heddle.cli.script;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The coordinates of a library: the value of {@code --dep}. Its characters are so few that it means nothing else in a POM or in
 * a path.
 */
record Coordinates(String group, String artifact, String version) {

    /** Most characters of all three together. */
    static final int MAX_LENGTH = 300;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9]+([._+-]+[A-Za-z0-9]+)*");

    /** What Maven takes for another version each time. */
    private static final List<String> MOVING = List.of("LATEST", "RELEASE");

    private static final String SNAPSHOT = "-SNAPSHOT";

    /**
     * Reads them.
     *
     * @throws UsageException if they are not three, have other characters, or their version is none that stays
     */
    static Coordinates parse(String text) {
        String[] parts = text.split(":", -1);
        if (text.length() > MAX_LENGTH || parts.length != 3 || !NAME.matcher(parts[0]).matches()
                || !NAME.matcher(parts[1]).matches()) {
            throw new UsageException(ScriptArguments.DEPENDENCY + " needs group:artifact:version, not \""
                    + HumanFormat.printable(text) + "\"");
        }
        String version = parts[2];
        String upper = version.toUpperCase(Locale.ROOT);
        if (!VERSION.matcher(version).matches() || MOVING.contains(upper) || upper.endsWith(SNAPSHOT)) {
            throw new UsageException(ScriptArguments.DEPENDENCY + " needs one version that stays, such as 1.2.3, not \""
                    + HumanFormat.printable(version) + "\"");
        }
        return new Coordinates(parts[0], parts[1], version);
    }

    @Override
    public String toString() {
        return group + ":" + artifact + ":" + version;
    }
}
