package dev.heddle.cli.doctor;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code heddle doctor}: looks at the JVM and the machine, and says what to change. */
public final class DoctorCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().flag("--json");

    public DoctorCommand() {
        super("doctor", "tell what is wrong or slow on this machine", """
                Usage: heddle doctor [--json]

                Looks at the JDK, its flags, the hooks of Heddle in the JDK, the collector, engines, TLS, the resolver,
                the limits of the container and the clock. Runs one loop, and looks up the name localhost.

                Each line begins with a verdict: ok; hint for what works and could be faster; wrong for what makes
                programs fail or stop. An arrow says how to change it.

                      --json             print a JSON object a line
                      --help             print this

                Exit: 0; 1 if something is wrong, 2 for wrong usage.
                """);
    }

    /** It tells of an engine that cannot work. */
    @Override
    public boolean needsEngine() {
        return false;
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        if (!parsed.rest().isEmpty()) {
            throw new UsageException("it takes no argument");
        }
        List<Finding> findings = new ArrayList<>(JvmCheck.all());
        findings.addAll(EngineCheck.all());
        findings.addAll(new SystemCheck(Path.of("/")).all());
        for (Finding finding : findings) {
            stdio.result(parsed.has("--json") ? finding.json() : finding.toString());
        }
        if (!parsed.has("--json")) {
            stdio.result(summary(findings));
        }
        return count(findings, Verdict.WRONG) == 0 ? Exit.FINE : Exit.NOT_ALL;
    }

    static String summary(List<Finding> findings) {
        return "\n" + HumanFormat.count(count(findings, Verdict.WRONG)) + " wrong, "
                + HumanFormat.count(count(findings, Verdict.HINT), "hint") + "\n";
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }
}
