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

/** The versions of the JDK and the peers that are there. */
final class Versions {

    /** Peers on the class path, by the names that people know them by. */
    private static final List<Jar> JARS = List.of(
            new Jar("jox", "channels"),
            new Jar("Netty", "netty-common"),
            new Jar("Vert.x", "vertx-core"),
            new Jar("Helidon", "helidon-webserver"),
            new Jar("Jetty", "jetty-server"),
            new Jar("Javalin", "javalin"),
            new Jar("OkHttp", "okhttp-jvm"));

    private static final List<Jar> KOTLIN_JARS = List.of(
            new Jar("Kotlin", "kotlin-stdlib"),
            new Jar("its coroutines", "kotlinx-coroutines-core-jvm"));

    private static final List<Jar> JOB_JARS = List.of(
            new Jar("db-scheduler", "db-scheduler"),
            new Jar("JobRunr", "jobrunr"));

    /** Programs that tell their version in the first line; some call that a failure, or an error's message. */
    private static final List<Program> PROGRAMS = List.of(
            new Program("nginx", "-v", "nginx version: nginx/"),
            new Program("haproxy", "-v", "HAProxy version "),
            new Program("psql", "--version", "psql (PostgreSQL) "),
            new Program("node", "--version", "v"),
            new Program("wrk", "-v", "wrk "),
            new Program("curl", "--version", "curl "),
            new Program("h2load", "--version", "h2load nghttp2/"));

    private record Program(String name, String option, String before) {

        /** The name and version, or empty if there is no such program. */
        Stream<String> find() {
            return Need.find(name)
                    .map(path -> lines(List.of("sh", "-c", path + " " + option + " 2>&1; true")))
                    .orElseGet(Stream::of)
                    .filter(line -> line.startsWith(before))
                    .map(line -> name + " " + line.substring(before.length()).split(" ", -1)[0])
                    .limit(1);
        }
    }

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
        return Stream.of(
                Stream.of(jdk()),
                CProgram.versions(),
                PROGRAMS.stream().flatMap(Program::find),
                Python.versions(),
                versions(JARS, classPath().toList()),
                versions(KOTLIN_JARS, Kotlin.jars().toList()),
                versions(JOB_JARS, Jobbing.jars().toList()))
                .flatMap(Function.identity())
                .collect(Collectors.joining(", "));
    }

    /** The JDK's version and those of Python's libraries only. */
    static String describePython() {
        return Stream.concat(Stream.of(jdk()), Python.versions()).collect(Collectors.joining(", "));
    }

    private static String jdk() {
        return System.getProperty("java.vendor.version") + " (" + Runtime.version() + ")";
    }

    private static Stream<String> versions(List<Jar> peers, List<Path> jars) {
        return peers.stream().flatMap(peer -> peer.find(jars));
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
