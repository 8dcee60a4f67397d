package dev.heddle.conformance;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How to run a main class of these tests in another JVM, under whatever stands before it. */
final class ChildJvm {

    private ChildJvm() {}

    /**
     * A command.
     *
     * @param wrapper what runs the JVM, maybe nothing
     */
    static List<String> command(List<String> wrapper, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m"));
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(String.join(System.getProperty("path.separator"), places(main)));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static Set<String> places(Class<?> main) {
        try {
            Set<String> places = new TreeSet<>();
            for (Class<?> type : List.of(
                    main, FaultProxy.class, ByteStream.class, Heddle.class,
                    Class.forName("dev.heddle.linux.EpollEngine"))) {
                places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
            }
            return places;
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Program start(List<String> wrapper, Class<?> main, String... arguments) throws IOException {
        return Program.start(command(wrapper, main, arguments), new byte[0]);
    }
}
