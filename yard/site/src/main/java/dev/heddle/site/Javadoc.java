package dev.heddle.site;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The javadoc of all modules as one, by the JDK's tool. */
final class Javadoc {

    /** The command's own module is no library. */
    private static final String COMMAND = "dev.heddle.cli";

    private static final Pattern MODULE = Pattern.compile("^(?:open )?module ([\\w.]+) \\{", Pattern.MULTILINE);

    private Javadoc() {}

    static void write(Path project, Path target) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet", "-notimestamp", "-encoding", "UTF-8", "-Xdoclint:none", "-d", target.toString(),
                "-windowtitle", "Heddle", "-doctitle", "Heddle",
                "--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED,dev.heddle.core",
                "--module-path", libraries()));
        List<String> modules = new ArrayList<>();
        for (Path descriptor : descriptors(project)) {
            Matcher name = MODULE.matcher(Files.readString(descriptor));
            if (name.find() && !name.group(1).equals(COMMAND)) {
                modules.add(name.group(1));
                arguments.add("--module-source-path");
                arguments.add(name.group(1) + "=" + descriptor.getParent());
            }
        }
        arguments.add("--module");
        arguments.add(String.join(",", modules));
        ToolProvider javadoc = ToolProvider.findFirst("javadoc")
                .orElseThrow(() -> new SiteException("this Java has no javadoc tool; run with a JDK"));
        if (javadoc.run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
            throw new SiteException("javadoc failed; see above");
        }
    }

    private static List<Path> descriptors(Path project) throws IOException {
        try (Stream<Path> modules = Files.list(project)) {
            return modules.map(module -> module.resolve("src/main/java/module-info.java"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        }
    }

    /** The class path without the modules that are documented, which come from their sources. */
    private static String libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar")
                        && !Path.of(entry).getFileName().toString().startsWith("heddle-"))
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElse("");
    }
}
