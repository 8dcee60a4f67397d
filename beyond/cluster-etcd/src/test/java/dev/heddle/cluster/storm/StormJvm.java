package dev.heddle.cluster.storm;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How the JVMs of storms are started: with an archive of their classes, which the first one makes that leaves in order.
 * Half of the time of a short storm goes into the starts of JVMs otherwise.
 */
public final class StormJvm {

    /** What nodes and their children have in common. */
    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** An archive that was made with other modules opened serves, and is complained of. */
    private static final List<String> QUIET = List.of("-Xlog:cds=off", "-Xlog:aot=off");

    private final String classPath;
    private final Path archive;

    /**
     * @param folder for the archive
     */
    public StormJvm(Path folder) throws IOException {
        archive = folder.resolve("storm.jsa");
        List<String> jars = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            // There is no archive of classes in directories.
            Path place = Path.of(each);
            if (Files.isDirectory(place)) {
                jars.add(pack(place, folder.resolve("classes-" + jars.size() + ".jar")).toString());
            } else if (Files.isRegularFile(place)) {
                jars.add(each);
            }
        }
        classPath = String.join(File.pathSeparator, jars);
    }

    private static Path pack(Path directory, Path jar) throws IOException {
        try (OutputStream to = Files.newOutputStream(jar);
                var packed = new JarOutputStream(to);
                Stream<Path> all = Files.walk(directory)) {
            packed.setLevel(0);
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                packed.putNextEntry(new JarEntry(directory.relativize(file).toString()));
                Files.copy(file, packed);
                packed.closeEntry();
            }
        }
        return jar;
    }

    /** The command of a JVM, up to its main class. */
    List<String> command(boolean makesArchive, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
        command.addAll(List.of(arguments));
        command.addAll(SMALL);
        command.add("-Dheddle.process.cache=off");
        if (Files.exists(archive)) {
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Dstorm.archive=" + archive));
        } else if (makesArchive) {
            command.add("-XX:ArchiveClassesAtExit=" + archive);
        }
        command.addAll(QUIET);
        return command;
    }

    /** The arguments of a node's children. */
    static String[] ofChildren() {
        List<String> arguments = new ArrayList<>(SMALL);
        arguments.add("-Xmx64m");
        String archive = System.getProperty("storm.archive");
        if (archive != null) {
            arguments.add("-XX:SharedArchiveFile=" + archive);
            arguments.addAll(QUIET);
        }
        return arguments.toArray(String[]::new);
    }
}
