package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The build files, as they must be for the documented commands to work in every order: one that leaves the tests out finds
 * what one before has compiled of them. {@code build/orders} runs the commands themselves.
 */
final class BuildFilesTest {

    private static final Path ROOT = Path.of("..", "..");

    /** The plug-ins that {@code -Dmaven.test.skip} and {@code -DskipTests} speak to. */
    private static final Set<String> OF_TESTS = Set.of(
            "maven-surefire-plugin", "maven-failsafe-plugin", "maven-compiler-plugin", "maven-resources-plugin");

    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    private static List<String> elements(String text, String name) {
        return Pattern.compile("<" + name + ">.*?</" + name + ">", Pattern.DOTALL)
                .matcher(text)
                .results().map(MatchResult::group).toList();
    }

    /** Without comments. */
    private static String bare(String pom) {
        return pom.replaceAll("(?s)<!--.*?-->", "");
    }

    private static String artifact(String element) {
        var matcher = ARTIFACT.matcher(element);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** What a configured value of a plug-in keeps the command line from leaving out. */
    private static List<String> configuredSkips(String pom) {
        return elements(bare(pom), "plugin").stream()
                .filter(plugin -> OF_TESTS.contains(artifact(plugin)) && plugin.contains("<skip"))
                .map(BuildFilesTest::artifact)
                .toList();
    }

    /** The jars of tests that are asked for also where no tests are compiled. */
    private static List<String> jarsOfTests(String pom) {
        String always = bare(pom);
        for (String profile : elements(always, "profile")) {
            if (profile.contains("<name>!maven.test.skip</name>")) {
                always = always.replace(profile, "");
            }
        }
        return elements(always, "dependency").stream()
                .filter(dependency -> dependency.contains("<type>test-jar</type>"))
                .map(BuildFilesTest::artifact)
                .toList();
    }

    /** Of the modules that every build has. */
    private static List<String> modules() throws IOException {
        String modules = elements(pom("."), "modules").getFirst();
        return elements(modules, "module").stream().map(module -> module.replaceAll("</?module>", "")).toList();
    }

    private static String pom(String module) throws IOException {
        return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    }

    @Test
    void commandLineLeavesTestsOutOfEveryModule() throws IOException {
        List<String> all = new ArrayList<>(modules());
        all.add(".");
        for (String module : all) {
            assertEquals(List.of(), configuredSkips(pom(module)), module + " configures what -Dmaven.test.skip says");
        }
    }

    @Test
    void configuredSkipIsFoundWhereverItStands() {
        String plugin = "<artifactId>maven-surefire-plugin</artifactId>";
        for (String skip : List.of("skip", "skipTests", "skipExec")) {
            String set = "<configuration><" + skip + ">${x}</" + skip + "></configuration>";
            assertEquals(1, configuredSkips("<plugin>" + plugin + set + "</plugin>").size(), skip);
            String inExecution = "<executions><execution>" + set + "</execution></executions>";
            assertEquals(1, configuredSkips("<plugin>" + plugin + inExecution + "</plugin>").size(), skip);
        }
        assertEquals(List.of(), configuredSkips("<plugin>" + plugin + "<!-- <skip>true</skip> --></plugin>"));
    }

    @Test
    void jarsOfTestsAreAskedForOnlyWhereTheyAreMade() throws IOException {
        for (String module : modules()) {
            String pom = pom(module);
            if (!pom.contains("<maven.install.skip>true")) {
                assertEquals(List.of(), jarsOfTests(pom), module);
            }
        }
        String planted = "<dependency><artifactId>a</artifactId><type>test-jar</type></dependency>";
        assertEquals(List.of("a"), jarsOfTests("<dependencies>" + planted + "</dependencies>"));
        assertEquals(List.of(), jarsOfTests("<profile><name>!maven.test.skip</name>" + planted + "</profile>"));
    }

    /** Else a change there would not be built. */
    @Test
    void launcherLooksAtTheSourcesOfAllThatTheCommandIsMadeOf() throws IOException {
        String launcher = Files.readString(ROOT.resolve("heddle"));
        String looked = launcher.replaceAll("(?s).*find pom\\.xml \\{([^}]+)\\}/.*", "$1");
        assertEquals(needed("tool/cli", new TreeSet<>()), new TreeSet<>(List.of(looked.split(","))));
    }

    private static Set<String> needed(String module, Set<String> found) throws IOException {
        if (!found.add(module)) {
            return found;
        }
        String pom = bare(pom(module)).replaceAll("(?s)<profiles>.*</profiles>", "");
        for (String dependency : elements(pom, "dependency")) {
            String name = artifact(dependency).replaceFirst("heddle-", "");
            if (dependency.contains("<groupId>dev.heddle</groupId>") && !dependency.contains("<scope>test</scope>")) {
                needed(modules().stream().filter(path -> path.endsWith("/" + name)).findFirst().orElseThrow(), found);
            }
        }
        Pattern.compile("<directory>[.][.]/([^/]+)/").matcher(pom).results()
                .forEach(resources -> found.add(module.replaceFirst("/.*", "/" + resources.group(1))));
        return found;
    }
}
