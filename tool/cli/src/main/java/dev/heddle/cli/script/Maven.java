package dev.heddle.cli.script;

import dev.heddle.cli.command.FailureException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The user's Maven, which finds jars, downloads what is not in its local repository, and checks the sums. It is asked
 * without the network first: that is faster, and all versions are such that nothing new can be there.
 */
final class Maven implements Dependencies.Resolver {

    private static final String PLUGIN = "3.11.0";

    private final String command;

    /** Takes the name of the program. */
    Maven(String command) {
        this.command = command;
    }

    @Override
    public List<Path> resolve(List<Coordinates> wanted) throws IOException {
        Path directory = Files.createTempDirectory("heddle-dep");
        Path pom = directory.resolve("pom.xml");
        Path jars = directory.resolve("jars");
        try {
            Files.writeString(pom, pom(wanted));
            System.err.println("heddle run: looking for " + String.join(", ", names(wanted)) + " with Maven...");
            Said said = run(pom, jars, "-o");
            if (said.exit() != 0) {
                said = run(pom, jars);
            }
            if (said.exit() != 0) {
                System.err.print(said.text());
                throw new FailureException("Maven did not find all of " + String.join(", ", names(wanted))
                        + "; see above");
            }
            return Arrays.stream(Files.readString(jars).strip().split(File.pathSeparator, -1))
                    .filter(path -> !path.isEmpty()).map(Path::of).toList();
        } finally {
            Files.deleteIfExists(jars);
            Files.deleteIfExists(pom);
            Files.deleteIfExists(directory);
        }
    }

    private static List<String> names(List<Coordinates> wanted) {
        return wanted.stream().map(Coordinates::toString).toList();
    }

    /** Nothing of it needs to be escaped, see {@link Coordinates}. */
    static String pom(List<Coordinates> wanted) {
        var text = new StringBuilder("""
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>dev.heddle</groupId>
                  <artifactId>script</artifactId>
                  <version>1</version>
                  <dependencies>
                """);
        for (Coordinates each : wanted) {
            text.append("    <dependency><groupId>").append(each.group()).append("</groupId><artifactId>")
                    .append(each.artifact()).append("</artifactId><version>").append(each.version())
                    .append("</version></dependency>\n");
        }
        return text.append("  </dependencies>\n</project>\n").toString();
    }

    /** What a process has said, and its exit code. */
    private record Said(int exit, String text) {}

    private Said run(Path pom, Path jars, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(command, "-q", "-B", "-f", pom.toString()));
        words.addAll(List.of(more));
        words.addAll(List.of(
                "org.apache.maven.plugins:maven-dependency-plugin:" + PLUGIN + ":build-classpath",
                "-DincludeScope=runtime", "-Dmdep.outputFile=" + jars));
        // The input is the program's.
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = start(builder);
        var end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while Maven ran", e);
        } finally {
            process.destroy();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new FailureException(
                    "Maven is needed for " + ScriptArguments.DEPENDENCY
                            + " and was not found. Install Maven 3.9 or later.",
                    e);
        }
    }
}
