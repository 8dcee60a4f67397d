package dev.heddle.cli.sight.page;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.ProgramAnswer;
import dev.heddle.cli.sight.Programs;
import dev.heddle.observe.page.internal.PageSource;
import dev.heddle.observe.page.internal.ProgramUnansweredException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A program as the page asks it, which says of one that does not answer what can be seen from outside. */
record ProgramSource(Program program) implements PageSource {

    @Override
    public PageSource.Answer ask(String verb, Map<String, String> arguments) {
        return new Lines(answered(() -> program.ask(verb, arguments)));
    }

    @Override
    public PageSource child(long pid) {
        return new ProgramSource(answered(() -> Programs.find(pid)));
    }

    @Override
    public List<Long> children() {
        return answered(() -> Programs.childrenOf(program)).stream().map(Program::pid).toList();
    }

    private static <T extends @Nullable Object> T answered(Supplier<T> question) {
        try {
            return question.get();
        } catch (FailureException e) {
            throw new ProgramUnansweredException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return program.toString();
    }

    private record Lines(ProgramAnswer answer) implements PageSource.Answer {

        @Override
        public @Nullable String next() {
            return answered(() -> answer.next() == null ? null : answer.json());
        }

        @Override
        public boolean hasMore() {
            return answer.hasMore();
        }

        @Override
        public void close() {
            answer.close();
        }
    }
}
