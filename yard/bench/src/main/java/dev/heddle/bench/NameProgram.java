package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** A program that looks names up for each line of its input, as names.h says, on the second processor. */
final class NameProgram implements NameClient {

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    NameProgram(List<String> command) {
        List<String> pinned = new ArrayList<>(Load.PIN);
        pinned.addAll(command);
        try {
            process = new ProcessBuilder(pinned).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests = process.outputWriter();
        answers = process.inputReader();
    }

    @Override
    public Answered ask(Names names) throws IOException {
        requests.write(names.letter() + " " + names.round() + " " + names.count() + "\n");
        requests.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("its process ended; see its messages above");
        }
        String[] words = line.split(" ", -1);
        return new Answered(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        ServerProcess.end(process, requests);
    }
}
