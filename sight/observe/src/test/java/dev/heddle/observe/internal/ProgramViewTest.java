package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process says of itself. */
final class ProgramViewTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "com.example.Shop --password secret | com.example.Shop",
            "/opt/shop/shop.jar --port 80 | shop.jar",
            "dev.heddle.cli.Main serve --key secret | heddle serve",
            "/opt/heddle/jars/heddle-cli-0.1.0.jar fetch http://secret/ | heddle fetch",
            "shop/com.example.Shop | shop/com.example.Shop",
            "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher /tmp/Chat.java secret | Chat.java",
            "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher | jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher",
            "'' | ''"})
    void whatRunsIsNamedWithoutItsArguments(String command, String name) {
        assertEquals(name, ProgramView.main(command));
    }

    @Test
    void sourceFileIsNamedByWhoeverHasStartedIt() {
        String before = System.setProperty("jdk.launcher.sourcefile", "/tmp/Chat.java");
        try {
            assertEquals("Chat.java", ProgramView.main());
        } finally {
            if (before == null) {
                System.clearProperty("jdk.launcher.sourcefile");
            } else {
                System.setProperty("jdk.launcher.sourcefile", before);
            }
        }
    }
}
