package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.JdkWarning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script at the project's root, in a made-up project with made-up JDKs and a made-up Maven that tell what they get.
 */
final class LauncherTest {

    private static final String JVM = """
            #!/bin/bash
            for word; do
                case $word in
                    -XX:AOTCacheOutput=*) echo train >>"${0%/bin/java}/calls"; echo cache >"${word#*=}"; exit ;;
                esac
            done
            printf '%s\\n' "${0%/bin/java}" "$@"
            exit 42
            """;

    private static final String MAVEN = """
            #!/bin/bash
            echo "$PWD $*" >>maven-calls
            [[ -e broken ]] && { echo "cannot compile"; exit 1; }
            mkdir -p tool/cli/target/lib && echo jar >tool/cli/target/heddle-cli-1.0.jar
            """;

    @TempDir
    Path directory;

    private Path project;
    private Path jdk;
    private Path tools;

    @BeforeEach
    void makeProject() throws Exception {
        directory = directory.toRealPath();
        project = Files.createDirectories(directory.resolve("a project"));
        Files.copy(Path.of("..", "..", "heddle"), project.resolve("heddle"));
        executable(project.resolve("heddle"));
        Files.writeString(project.resolve("pom.xml"), "");
        Files.createDirectories(project.resolve("tool/cli/src/main"));
        tools = Files.createDirectories(directory.resolve("tools"));
        script(tools.resolve("mvn"), MAVEN);
        jdk = jdk("jdk-25", "25.0.4");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), JVM);
        script(home.resolve("bin/javac"), "#!/bin/bash\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        executable(file);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private CommandLine launch(Map<String, String> environment, Path script, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new CommandLine(process.waitFor(), out, err);
    }

    private CommandLine launch(String... words) throws Exception {
        return launch(Map.of(), project.resolve("heddle"), words);
    }

    private int builds() throws IOException {
        Path calls = project.resolve("maven-calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void firstStartBuildsAndPreparesAndTellsSoInTwoLines() throws Exception {
        CommandLine run = launch("fetch", "a b", "", "*");

        assertEquals("heddle: building, this takes a minute...\nheddle: preparing a fast start...\n", run.err());
        assertEquals(1, builds());
        assertEquals(2, Files.readAllLines(jdk.resolve("calls")).size());
        List<String> words = run.lines();
        assertEquals(jdk.toString(), words.getFirst());
        assertEquals(List.of("fetch", "a b", "", "*"), words.subList(words.size() - 4, words.size()));
    }

    @Test
    void secondStartBuildsNothingAndTellsNothing() throws Exception {
        launch("demo");
        CommandLine run = launch("demo");

        assertEquals("", run.err());
        assertEquals(1, builds());
        assertEquals(2, Files.readAllLines(jdk.resolve("calls")).size());
    }

    @Test
    void trainingThatFailsIsToldOnceAndLeavesNoCache() throws Exception {
        launch("demo");
        script(jdk.resolve("bin/java"), JVM.replace("echo cache >\"${word#*=}\"; exit ;;",
                "echo half >\"${word#*=}\"; echo no class; exit 1 ;;"));
        Path cache = project.resolve("tool/cli/target/heddle-cluster-25.0.4.aot");
        Files.createDirectories(cache.getParent());
        Files.createFile(cache); // as a version before has left it

        CommandLine first = launch("cluster");
        assertEquals("heddle: preparing a fast start of nodes...\nheddle: no fast start of nodes, its training has"
                + " failed: see " + cache + ".log, and remove that file to try again\n", first.err());
        assertEquals("no class\n", Files.readString(Path.of(cache + ".log")));
        CommandLine second = launch("cluster");
        assertEquals("", second.err());
        assertEquals(3, Files.readAllLines(jdk.resolve("calls")).size());
        for (CommandLine run : List.of(first, second)) {
            assertEquals(42, run.exit());
            assertFalse(run.out().contains("AOTCache"), run.out());
        }
        try (Stream<Path> files = Files.list(cache.getParent())) {
            assertEquals(
                    List.of("heddle-cluster-25.0.4.aot.log"),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith("heddle-cluster"))
                            .toList());
        }

        Files.delete(Path.of(cache + ".log"));
        script(jdk.resolve("bin/java"), JVM);
        assertTrue(launch("cluster").out().contains("-XX:AOTCache=" + cache));
    }

    @Test
    void installIsMavensForWhatPeopleUse() throws Exception {
        CommandLine run = launch("install");

        assertEquals(0, run.exit());
        assertTrue(
                run.err().endsWith(
                        "heddle: installed in Maven's local repository as dev.heddle:heddle-bom and what it lists\n"),
                run.err());
        String call = Files.readString(project.resolve("maven-calls"));
        assertTrue(call.endsWith(" install\n"), call);
        for (Path pom : poms()) {
            String module = pom.getParent().getFileName().toString();
            boolean leftOut = Files.readString(pom).contains("<maven.install.skip>true");
            assertEquals(leftOut,
                    call.contains("!:heddle-" + module + ",") || call.contains("!:heddle-" + module + " "), module);
        }
    }

    /** Those of the modules that every build has. */
    private static List<Path> poms() throws IOException {
        String all = Files.readString(Path.of("..", "..", "pom.xml"));
        String modules = all.substring(all.indexOf("<modules>"), all.indexOf("</modules>"));
        return modules.lines().filter(line -> line.contains("<module>"))
                .map(line -> line.strip().replaceAll("</?module>", ""))
                .map(module -> Path.of("..", "..", module, "pom.xml")).toList();
    }

    @Test
    void failedInstallSaysSo() throws Exception {
        Files.createFile(project.resolve("broken"));
        CommandLine run = launch("install");

        assertEquals(1, run.exit());
        assertTrue(run.err().endsWith("heddle: the artifacts are not installed; see above\n"), run.err());
    }

    @Test
    void installOfWhatHasNoSourcesIsTheProgramsToRefuse() throws Exception {
        launch("demo");
        Files.move(project.resolve("tool/cli/target"), project.resolve("jars"));
        CommandLine run = launch("install");

        assertTrue(run.lines().contains("install"), run.lines()::toString);
        assertEquals(1, builds());
    }

    @Test
    void exitCodeIsThatOfTheProgram() throws Exception {
        assertEquals(42, launch("demo").exit());
    }

    @Test
    @Tag("full")
    void newerSourceInACheckoutIsBuilt() throws Exception {
        Files.createDirectories(project.resolve(".git"));
        launch("demo");
        launch("demo");
        assertEquals(1, builds());

        Path source = Files.writeString(project.resolve("tool/cli/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        launch("demo");
        assertEquals(2, builds());
    }

    @Test
    void withoutACheckoutTheBuildStands() throws Exception {
        launch("demo");
        Path source = Files.writeString(project.resolve("tool/cli/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        launch("demo");

        assertEquals(1, builds());
    }

    @Test
    void brokenBuildShowsWhatMavenSaid() throws Exception {
        Files.writeString(project.resolve("broken"), "");
        CommandLine run = launch("demo");

        assertEquals(1, run.exit());
        assertEquals("", run.out());
        assertTrue(run.err().contains("cannot compile\n") && run.err().contains("heddle: the build failed"), run.err());
    }

    @Test
    void scriptWorksThroughSymbolicLinks() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("one"), Path.of("../a project/heddle"));
        Files.createSymbolicLink(bin.resolve("two"), bin.resolve("one"));

        assertEquals(42, launch(Map.of(), bin.resolve("two"), "demo").exit());
        assertTrue(Files.exists(project.resolve("tool/cli/target/heddle-cli-1.0.jar")));
    }

    @Test
    void oldJdkIsPassedOver() throws Exception {
        Path old = jdk("jdk-17", "17.0.12");
        CommandLine run = launch(
                Map.of("JAVA_HOME", old.toString(), "PATH", jdk.resolve("bin") + ":" + tools + ":/usr/bin:/bin"),
                project.resolve("heddle"),
                "demo");

        assertEquals(jdk.toString(), run.lines().getFirst());
    }

    @Test
    void unpackedCopyNeedsNoMaven() throws Exception {
        Files.createDirectories(project.resolve("jars/lib"));
        Path jar = Files.writeString(project.resolve("jars/heddle-cli-1.0.jar"), "jar");
        CommandLine run = launch("demo");

        assertEquals(42, run.exit());
        assertEquals(0, builds());
        assertTrue(run.lines().contains(jar.toString()), run.out());
    }

    @Test
    void unpackedCopyThatIsNotWholeSaysSo() throws Exception {
        Files.createDirectories(project.resolve("jars"));
        CommandLine run = launch("demo");

        assertEquals(1, run.exit());
        assertEquals(0, builds());
        assertTrue(run.err().contains("this copy is not whole"), run.err());
    }

    @Test
    void jdkInTheHomeDirectoryIsFound() throws Exception {
        // Only where the system itself has none; else that one comes first.
        Path found = jdk(".sdkman/candidates/java/25.0.4-tem", "25.0.4");
        String functions = Files.readString(project.resolve("heddle")).replaceAll("(?s)\nfind_home\nif .*", "\n");
        script(
                project.resolve("probe"),
                functions.replace("/usr/lib/jvm/*", "/none/*") + "\nfind_jdk\necho \"$JDK\"\n");

        CommandLine run = launch(
                Map.of("JAVA_HOME", "", "PATH", tools + ":" + withoutJava()), project.resolve("probe"));
        assertEquals(found.toString(), run.out().strip(), run.err());
    }

    @Test
    void withoutAJdkItTellsWhatToInstall() throws Exception {
        String functions = Files.readString(project.resolve("heddle")).replaceAll("(?s)\nfind_home\nif .*", "\n");
        script(project.resolve("probe"), functions.replace("/usr/lib/jvm/*", "/none/*") + "\nfind_jdk\n");

        CommandLine run = launch(
                Map.of("JAVA_HOME", jdk("jdk-21", "21").toString(), "PATH", tools + ":" + withoutJava()),
                project.resolve("probe"));
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("heddle: no JDK 25 or later found. Install one"), run.err());
    }

    /** A directory with the few tools that the script needs, and no java. */
    private String withoutJava() throws IOException {
        Path few = Files.createDirectories(directory.resolve("few"));
        for (String tool : List.of("bash", "env", "readlink", "dirname", "mkdir", "find", "rm", "mv", "cat")) {
            script(few.resolve(tool), "#!/bin/bash\nexec $(PATH=/usr/bin:/bin type -P " + tool + ") \"$@\"\n");
        }
        return few.toString();
    }

    private String localeOf(Map<String, String> environment) throws Exception {
        script(jdk.resolve("bin/java"), "#!/bin/bash\nlocale charmap\nexit 42\n");
        return launch(environment, project.resolve("heddle"), "demo").lines().getLast();
    }

    @Test
    void directoryThatIsGoneIsSaidInALine() throws Exception {
        Path gone = directory.resolve("go");
        script(gone,
                "#!/bin/bash\nmkdir gone; cd gone; rmdir ../gone\nexec '" + project.resolve("heddle") + "' demo\n");
        CommandLine run = launch(Map.of(), gone);
        assertEquals(1, run.exit());
        assertTrue(run.err().contains("heddle: the current directory is gone"), run.err());
    }

    @Test
    @Tag("full")
    void programReadsItsArgumentsInUtf8WhereTheLocaleHasOnlyAscii() throws Exception {
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(),
                Map.of("LC_ALL", "C"),
                Map.of("LANG", "xx_XX.UTF-8"), // not installed
                Map.of("LC_ALL", "xx_XX.UTF-8"),
                Map.of("LC_ALL", "POSIX", "LANG", "C.UTF-8"),
                Map.of("LC_CTYPE", "C", "LANG", "C.UTF-8"),
                Map.of("LANG", "C"))) {
            assertEquals("UTF-8", localeOf(environment), environment.toString());
        }
    }

    @Test
    void localeWithLettersOfItsOwnIsTheUsers() throws Exception {
        script(jdk.resolve("bin/java"), "#!/bin/bash\necho \"$LC_ALL,$LC_CTYPE,$LANG\"\nexit 42\n");
        String locale = launch(Map.of("LANG", "C.utf8"), project.resolve("heddle"), "demo").lines().getLast();
        assertEquals(",,C.utf8", locale);
    }

    @Test
    void closedDescriptorsAreNotTakenByTheFilesOfTheJvm() throws Exception {
        launch("demo");
        script(
                jdk.resolve("bin/java"),
                "#!/bin/bash\nreadlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 >\"$HOME/seen\" 2>&1 </dev/null\n");
        Path script = project.resolve("closed");
        script(script, "#!/bin/bash\nexec '" + project.resolve("heddle") + "' demo <&- >&- 2>&-\n");
        launch(Map.of(), script);
        assertEquals(List.of("/dev/null", "/dev/null", "/dev/null"), Files.readAllLines(directory.resolve("seen")));
    }

    @Test
    void sourceFileIsGivenToItsLauncher() throws Exception {
        Path program = Files.writeString(directory.resolve("P.java"), "void main() {}");
        CommandLine run = launch("run", program.toString(), "-x", "--help");

        List<String> words = run.lines();
        assertEquals(
                List.of("dev.heddle.cli.script.ScriptMain", program.toString(), "-x", "--help"),
                words.subList(words.size() - 4, words.size()));
        assertTrue(words.contains("--add-opens=java.base/java.lang=ALL-UNNAMED"), words.toString());
        assertFalse(words.contains("-jar"), words.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.3", "25.0.4", "25.1", "26", "26.0.1", "27"})
    @Tag("full")
    void launcherWarnsOfTheJdksOfWhichProgramsWarn(String version) throws Exception {
        Path program = Files.writeString(directory.resolve("P.java"), "void main() {}");
        Map<String, String> here = Map.of("JAVA_HOME", jdk("one", version).toString(), "HEDDLE_JDK_WARNING", "true");
        CommandLine run = launch(here, project.resolve("heddle"), "run", program.toString());
        assertEquals(
                JdkWarning.isUnsound(Runtime.Version.parse(version)),
                run.err().contains("heddle: " + JdkWarning.WHY),
                run.err());
    }

    @Test
    void userHearsOnceOfAJdkThatIsTooOld() throws Exception {
        Path program = Files.writeString(directory.resolve("P.java"), "void main() {}");
        Path old = jdk("old", "25.0.3");
        String told = "heddle: " + JdkWarning.WHY;
        Map<String, String> here = Map.of("JAVA_HOME", old.toString(), "XDG_CACHE_HOME", directory + "/caches");
        Map<String, String> always = new HashMap<>(here);
        always.put("HEDDLE_JDK_WARNING", "true");
        Map<String, String> never = Map.of("JAVA_HOME", old.toString(), "HEDDLE_JDK_WARNING", "false");
        List<Boolean> tells = new ArrayList<>();
        for (Map<String, String> environment : List.of(never, here, here, always, here)) {
            CommandLine run = launch(environment, project.resolve("heddle"), "run", program.toString());
            tells.add(run.err().contains(told));
            assertEquals(!environment.equals(never), run.lines().contains("-Dheddle.jdk.warning=false"));
        }
        assertEquals(List.of(false, true, false, true, false), tells);
        assertTrue(Files.exists(directory.resolve("caches").resolve("heddle").resolve("jdk-25.0.3.told")));
        assertFalse(launch("run", program.toString()).err().contains(told));
    }

    @Test
    void optionsBeforeTheSourceFileAreItsLaunchers() throws Exception {
        Path program = Files.writeString(directory.resolve("P.java"), "void main() {}");
        List<String> options = List.of("--class-path", "a b", "--dep", "g:a:1", "--dep=b", "--class-path=*");
        CommandLine run = launch(
                "run", "--class-path", "a b", "--dep", "g:a:1", "--dep=b", "--class-path=*", program.toString(),
                "--class-path");

        List<String> words = run.lines();
        assertEquals(
                options, words.subList(words.size() - 8, words.size() - 2), words.toString());
        assertEquals(
                List.of(program.toString(), "--class-path"), words.subList(words.size() - 2, words.size()));
        assertFalse(words.contains("-jar"), words.toString());
        assertTrue(launch("run", "--class-path").lines().contains("-jar"));
        assertTrue(launch("run", "--class-path", "a").lines().contains("-jar"));
        assertTrue(launch("run", "--other", program.toString()).lines().contains("-jar"));
    }

    @Test
    void whatWatchesAProgramIsOnItsClassPathAndKnowsHowToStartItFast() throws Exception {
        Path program = Files.writeString(directory.resolve("P.java"), "void main() {}");
        List<String> words = launch("run", "--watch", program.toString(), "x").lines();

        assertEquals(List.of("dev.heddle.cli.Main", "run", "--watch", program.toString(), "x"),
                words.subList(words.size() - 5, words.size()));
        assertFalse(words.contains("-jar"), words.toString());
        String cache = "-XX:AOTCache=" + project.resolve("tool/cli/target/heddle-run-25.0.4.aot");
        int options = words.indexOf("-Dheddle.run.options=-Xlog:aot=off");
        assertTrue(options >= 0 && words.subList(options, words.size()).contains(cache), words.toString());
        // Its own, which the program does not get.
        int own = words.indexOf("-XX:TieredStopAtLevel=1");
        assertTrue(own > options && words.subList(own, words.size()).contains("-Xms32m"), words.toString());
        Map<String, String> small = Map.of("JAVA_TOOL_OPTIONS", "-Xmx20m");
        assertFalse(launch(small, project.resolve("heddle"), "run", "--watch", program.toString()).lines()
                .contains("-Xms32m"));
    }

    @Test
    void clusterCommandsAndProgramsHaveZooKeeperOnTheirClassPathAndOthersNot() throws Exception {
        launch("demo");
        Path jars = Files.createDirectories(project.resolve("tool/cli/target/cluster"));
        Files.writeString(jars.resolve("zookeeper-3.jar"), "");
        Files.writeString(jars.resolve("heddle-cluster-zookeeper-1.jar"), "");
        Path target = project.resolve("tool/cli/target");
        String path = target + "/heddle-cli-1.0.jar:" + jars + "/heddle-cluster-zookeeper-1.jar:" + jars
                + "/zookeeper-3.jar";

        List<String> jobs = launch("jobs", "list", "mail").lines();
        assertEquals(
                List.of("-cp", path, "dev.heddle.cli.Main", "jobs", "list", "mail"),
                jobs.subList(jobs.size() - 6, jobs.size()));
        assertTrue(jobs.contains("--add-opens=java.base/java.lang=ALL-UNNAMED"), jobs.toString());
        Path program = Files.writeString(directory.resolve("P.java"), "void main() {}");
        assertTrue(launch("run", program.toString()).lines().contains(path));
        assertFalse(launch("fetch").lines().contains("-cp"));
    }

    @Test
    void commandsOfClustersHaveACacheOfTheirOwnThatIsMadeOnTheirFirstUse() throws Exception {
        launch("demo");
        Path calls = jdk.resolve("calls");
        CommandLine first = launch("node", "--class-path", "mine");
        assertEquals("heddle: preparing a fast start of nodes...\n", first.err());
        String cache = "-XX:AOTCache=" + project.resolve("tool/cli/target/heddle-cluster-25.0.4.aot");
        assertTrue(first.lines().contains(cache), first.out());
        assertEquals(3, Files.readAllLines(calls).size());

        CommandLine second = launch("cluster");
        assertEquals("", second.err());
        assertTrue(second.lines().contains(cache), second.out());
        assertEquals(3, Files.readAllLines(calls).size());
    }

    @Test
    void serverOfFilesHasACacheOfItsOwnSoThatItStaysSmall() throws Exception {
        launch("demo");
        CommandLine first = launch("serve");
        assertEquals("heddle: preparing a fast start of servers...\n", first.err());
        String cache = "-XX:AOTCache=" + project.resolve("tool/cli/target/heddle-serve-25.0.4.aot");
        assertTrue(first.lines().contains(cache), first.out());
        assertEquals(3, Files.readAllLines(jdk.resolve("calls")).size());

        CommandLine second = launch("serve", "-p", "1");
        assertEquals("", second.err());
        assertTrue(second.lines().contains(cache), second.out());
        assertFalse(launch("demo").out().contains("heddle-serve"));
    }

    @Test
    @Tag("full")
    void serverOfFilesTakesTheCacheOfTheCommandsWhereItHasNoneOfItsOwn() throws Exception {
        launch("demo");
        script(jdk.resolve("bin/java"), JVM.replace("exit ;;", "exit 1 ;;"));

        assertTrue(launch("serve").err().contains("no fast start of servers"));
        assertTrue(launch("serve").lines()
                .contains("-XX:AOTCache=" + project.resolve("tool/cli/target/heddle-25.0.4.aot")));
    }

    @Test
    @Tag("full")
    void nodeHasTheUsersClassesBehindItsOwn() throws Exception {
        launch("demo");
        String jar = project.resolve("tool/cli/target/heddle-cli-1.0.jar").toString();

        assertTrue(launch("node", "--class-path", "my classes:b").lines().contains(jar + ":my classes:b"));
        assertTrue(launch("node", "--class-path=a", "-l", "x=y").lines().contains(jar + ":a"));
        assertTrue(launch("node", "--", "--class-path", "a").lines().contains(jar));
    }

    @Test
    void nameOfAnExampleIsEnoughWhereverOneIs() throws Exception {
        Path example = Files.createDirectories(project.resolve("examples/src/main/java/tasks")).resolve("P.java");
        Files.writeString(example, "void main() {}");

        List<String> words = launch("run", "P", "-x").lines();
        assertEquals(List.of(example.toString(), "-x"), words.subList(words.size() - 2, words.size()));
        assertFalse(words.contains("-jar"), words.toString());
        assertTrue(launch("run", "*").lines().contains("-jar"));
        assertTrue(launch("run", "../tasks/P").lines().contains("-jar"));
    }

    @Test
    void programIsToldWhereTheExamplesAre() throws Exception {
        assertTrue(launch("examples").lines().contains("-Dheddle.home=" + project));
    }

    @Test
    void missingSourceFileIsTheProgramsBusiness() throws Exception {
        assertTrue(launch("run", "None.java").lines().contains("-jar"));
        assertTrue(launch("run").lines().contains("-jar"));
    }

    @Test
    void moreOptionsForTheJvmComeFromTheEnvironment() throws Exception {
        CommandLine run = launch(Map.of("HEDDLE_JAVA_OPTS", "-Xmx1g -XX:+UseZGC"), project.resolve("heddle"), "demo");

        assertTrue(run.lines().containsAll(List.of("-Xmx1g", "-XX:+UseZGC")), run.out());
        assertFalse(run.lines().contains("-XX:+UseSerialGC"), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEDDLE_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"})
    @Tag("full")
    void collectorOfTheUsersIsTheOnlyOne(String variable) throws Exception {
        Map<String, String> environment = Map.of(variable, "-Xmx1g -XX:+UseG1GC");

        for (String command : List.of("demo", "serve", "node")) {
            CommandLine run = launch(environment, project.resolve("heddle"), command);
            assertFalse(run.out().contains("SerialGC") || run.out().contains("ParallelGC"), run.out());
        }
    }

    @Test
    void serverOfFilesStaysSmallUnlessTheUserSaysHowLargeItIs() throws Exception {
        List<String> own = launch("serve").lines();
        List<String> sized = launch(Map.of("HEDDLE_JAVA_OPTS", "-Xmx16m"), project.resolve("heddle"), "serve").lines();

        assertTrue(own.containsAll(List.of("-XX:+UseSerialGC", "-XX:TrimNativeHeapInterval=2000", "-Xms32m", "-Xmn24m",
                "-XX:SurvivorRatio=1")), own.toString());
        assertTrue(sized.contains("-XX:+UseSerialGC"), sized.toString());
        assertFalse(sized.contains("-Xms32m") || sized.contains("-Xmn24m"), sized.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.4", "27"})
    void programsAndNodesOnOneProcessorHaveSerialByNameOnEachJdk(String version) throws Exception {
        jdk = jdk("jdk-" + version, version);
        Path source = Files.writeString(directory.resolve("P.java"), "void main() {}");
        Path pinned = tools.resolve("pinned");
        script(pinned, "#!/bin/bash\nexec taskset -c 0 '" + project.resolve("heddle") + "' \"$@\"\n");

        CommandLine run = launch(Map.of(), pinned, "run", source.toString());

        assertTrue(run.lines().contains(source.toString()), run.out() + run.err());
        assertTrue(run.lines().contains("-XX:+UseSerialGC"), run.out());
        assertTrue(launch(Map.of(), pinned, "node").lines().contains("-XX:+UseSerialGC"));
        Map<String, String> users = Map.of("HEDDLE_JAVA_OPTS", "-XX:+UseG1GC");
        assertFalse(launch(users, pinned, "run", source.toString()).out().contains("Serial"));
    }

    @Test
    void collectorsAreToldToWhoAsksForMore() throws Exception {
        String told = "-Dheddle.collectors=Serial for commands, Serial for serve, ";

        assertTrue(launch("--version", "-v").out().contains(told));
        assertTrue(launch("--version", "--verbose").out().contains(told));
        assertFalse(launch("--version").out().contains("heddle.collectors"));
        assertTrue(launch(Map.of("HEDDLE_JAVA_OPTS", "-XX:+UseZGC"), project.resolve("heddle"), "--version", "-v").out()
                .contains("-Dheddle.collectors=the user's for commands, "));
    }

    @Test
    @Tag("full")
    void cachesAreKeptApartWhereTheyWouldNotFit() throws Exception {
        launch("demo");
        assertEquals("", launch("demo").err());

        for (String options : List.of("-XX:+UseZGC", "-XX:+UseCompactObjectHeaders")) {
            Map<String, String> environment = Map.of("HEDDLE_JAVA_OPTS", options);
            assertEquals("heddle: preparing a fast start...\n",
                    launch(environment, project.resolve("heddle"), "demo").err());
            assertEquals("", launch(environment, project.resolve("heddle"), "demo").err());
        }
        jdk = jdk("jdk-26", "26");
        assertEquals("heddle: preparing a fast start...\n", launch("demo").err());
        assertTrue(launch("demo").lines()
                .contains("-XX:AOTCache=" + project.resolve("tool/cli/target/heddle-26.aot")));
    }

    /** The cache that a start uses, by the JVM's options that the user gives. */
    private String cache(String options) throws Exception {
        return launch(Map.of("HEDDLE_JAVA_OPTS", options), project.resolve("heddle"), "demo").lines().stream()
                .filter(word -> word.startsWith("-XX:AOTCache="))
                .map(word -> Path.of(word.substring(word.indexOf('=') + 1)).getFileName().toString())
                .findFirst().orElse("none");
    }

    @Test
    void cacheKnowsTheFormOfObjectsByOptionAndByTheJdksOwnChoice() throws Exception {
        String compact = "-XX:+UseCompactObjectHeaders";
        String wide = "-XX:-UseCompactObjectHeaders";
        assertEquals("heddle-25.0.4.aot", cache(""));
        assertEquals("heddle-25.0.4.aot", cache(wide));
        assertEquals("heddle-25.0.4-compact.aot", cache(compact));
        assertEquals("heddle-25.0.4.aot", cache(compact + " " + wide));
        assertEquals("heddle-25.0.4-compact.aot", cache(wide + " " + compact));
        jdk = jdk("jdk-27", "27");
        assertEquals("heddle-27-compact.aot", cache(""));
        assertEquals("heddle-27.aot", cache(wide));
        assertEquals("heddle-27-compact.aot", cache(compact));
    }

    @Test
    void cacheIsOfOneBuildOfTheJdk() throws Exception {
        assertEquals("heddle-25.0.4.aot", cache(""));
        Files.writeString(jdk.resolve("release"), """
                IMPLEMENTOR_VERSION="Temurin 25.0.4+7"
                JAVA_RUNTIME_VERSION="25.0.4+7-LTS"
                JAVA_VERSION="25.0.4"
                """);
        assertEquals("heddle-Temurin25.0.4+7.aot", cache(""));
        Files.writeString(jdk.resolve("release"), """
                JAVA_VERSION="25.0.4"
                JAVA_RUNTIME_VERSION="25.0.4+8"
                """);
        assertEquals("heddle-25.0.4+8.aot", cache(""));
    }
}
