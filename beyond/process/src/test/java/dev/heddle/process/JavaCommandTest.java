package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command of a child: one collector, the user's or the smallest; and what Heddle needs, whoever starts us. */
final class JavaCommandTest {

    private static final String SERIAL = "-XX:+UseSerialGC";

    @Test
    void smallestCollectorIsTakenWhereNobodyNamesOne() {
        assertTrue(JavaCommand.start(List.of("-Xmx64m"), Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g")).contains(SERIAL));
    }

    @Test
    void collectorOfTheUsersIsTheOnlyOne() {
        List<String> command = JavaCommand.start(List.of("-XX:+UseZGC"), Map.of());
        assertTrue(command.contains("-XX:+UseZGC"));
        assertFalse(command.contains(SERIAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void collectorThatTheEnvironmentNamesIsTheOnlyOne(String variable) {
        Map<String, String> environment = Map.of(variable, "-Xmx1g  -XX:+UseG1GC");
        assertFalse(JavaCommand.start(List.of(), environment).contains(SERIAL));
    }

    @Test
    void debuggerOfTheParentIsNotTheChildsWhoseArgumentsMayNameAnother() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "JAVA_TOOL_OPTIONS", "-Xmx1g -agentlib:jdwp=transport=dt_socket,server=y,address=5005 -Da=b",
                "_JAVA_OPTIONS", "-Xrunjdwp:transport=dt_socket,server=y,address=5005", "OTHER", "-agentlib:jdwp=x"));
        JavaCommand.prepare(environment);
        assertEquals(
                Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g  -Da=b", "_JAVA_OPTIONS", "", "OTHER", "-agentlib:jdwp=x"),
                environment);
        String another = "-agentlib:jdwp=transport=dt_socket,server=y,address=0";
        assertTrue(JavaCommand.start(List.of(another)).contains(another));
    }

    @Test
    void childHasTheFlagsAndDoesNotWarnAgain() {
        List<String> command = JavaCommand.start(List.of());
        assertTrue(command.contains("--add-opens=java.base/java.lang=ALL-UNNAMED"));
        assertTrue(command.contains("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"));
        assertTrue(command.contains("--enable-native-access=ALL-UNNAMED"));
        assertTrue(command.contains("-Dheddle.jdk.warning=false"));
    }

    @Test
    void imageWithoutTheCommandSaysHowToKeepIt() throws IOException {
        JavaCommand.requireJava();
        String home = System.setProperty("java.home", "/no/such/image");
        try {
            IOException e = assertThrows(IOException.class, JavaCommand::requireJava);
            assertTrue(e.getMessage().startsWith("there is no /no/such/image/bin/java"), e.getMessage());
            assertTrue(e.getMessage().contains("--jlink-options"), e.getMessage());
        } finally {
            System.setProperty("java.home", home);
        }
    }

    @Test
    void childMayBeLookedIntoAsItsParentMay() {
        assertFalse(JavaCommand.start(List.of()).stream().anyMatch(word -> word.contains("heddle.observe")));
        System.setProperty("heddle.observe", "off");
        try {
            assertTrue(JavaCommand.start(List.of()).contains("-Dheddle.observe=off"));
        } finally {
            System.clearProperty("heddle.observe");
        }
    }

    @Test
    void classesInsideOfAnotherArchiveAreToldWithTheWayOut() throws Exception {
        URL nested = URI.create("jar:file:/srv/app.jar!/BOOT-INF/lib/heddle-process.jar").toURL();
        String why = assertThrows(IOException.class, () -> JavaCommand.requireReadable(nested)).getMessage();

        assertTrue(why.contains("app.jar") && why.contains("extract"), why);
        JavaCommand.requireReadable(URI.create("file:/srv/heddle-process.jar").toURL());
        JavaCommand.requireReadable(null);
    }
}
