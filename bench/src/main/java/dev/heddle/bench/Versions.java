package dev.heddle.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which versions of the peers are there. */
final class Versions {

    /** The jars of peers, by the names that people know them by. */
    private static final List<Jar> JARS = List.of(
            new Jar("jox", "channels"),
            new Jar("Netty", "netty-common"),
            new Jar("Kotlin", "kotlin-stdlib"),
            new Jar("its coroutines", "kotlinx-coroutines-core-jvm"));

    private record Jar(String name, String artifact) {

        /** The name and version, or empty if no such jar is there. */
        Stream<String> find(List<Path> jars) {
            Pattern pattern = Pattern.compile(Pattern.quote(artifact) + "-(\\d[^/]*)\\.jar");
            return jars.stream()
                    .map(jar -> pattern.matcher(jar.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> name + " " + matcher.group(1))
                    .limit(1);
        }
    }

    private Versions() {}

    static String describe() {
        List<Path> jars = Stream.concat(classPath(), Kotlin.jars()).toList();
        return Stream.of(CProgram.versions(), Python.versions(), JARS.stream().flatMap(jar -> jar.find(jars)))
                .flatMap(Function.identity())
                .collect(Collectors.joining(", "));
    }

    private static Stream<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of);
    }

    /** The lines that a program prints; none if it fails. */
    static Stream<String> lines(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output.lines() : Stream.of();
        } catch (IOException e) {
            return Stream.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
