// How long a question and its answer take between two tasks, two threads, two processes: over pipes, queues, and in CPython.
// Answers Threads, processes, coroutines, asyncio, programs 22 and 23: why a pipe and not a queue? A pipe is faster.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.os.Subprocess;
import dev.heddle.process.JvmProcess;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.PipeEnd;
import dev.heddle.process.shared.SharedQueue;
import dev.heddle.sync.Channel;

void main() {
    run(() -> measure(10_000));
}

void measure(int questions) throws Exception {
    IO.println("a question and its answer");
    betweenTasks(10 * questions);
    betweenThreads(questions);
    betweenProcesses(questions);
    IO.print(Subprocess.run("/usr/bin/python3", "-c", IN_PYTHON, "" + questions).check().text());
}

void betweenTasks(int questions) throws Exception {
    Channel<Integer> there = Channel.of(1);
    Channel<Integer> back = Channel.of(1);
    spawn("answers", () -> {
        for (int question : there) {
            back.send(question);
        }
    });
    show("tasks, channels", questions, () -> {
        there.send(1);
        back.receive();
    });
    there.close();
}

void betweenThreads(int questions) {
    var there = new ArrayBlockingQueue<Integer>(1);
    var back = new ArrayBlockingQueue<Integer>(1);
    var answers = Thread.ofPlatform().daemon().start(() -> {
        try {
            while (true) {
                back.put(there.take());
            }
        } catch (InterruptedException e) {
            // no more questions
        }
    });
    offload(() -> show("threads, queues of the JDK", questions, () -> {
        there.put(1);
        back.take();
    }));
    answers.interrupt();
}

void betweenProcesses(int questions) throws Exception {
    try (Manager manager = Manager.open(); ProcessPool pool = ProcessPool.of(1)) {
        show("processes, a pool's call", questions, () -> pool.call(() -> 1));

        var pipe = manager.<Integer>pipe();
        try (var child = JvmProcess.spawn(() -> answer(pipe.second()))) {
            show("processes, a pipe", questions, () -> {
                pipe.first().send(1);
                pipe.first().receive();
            });
            pipe.first().close();
            child.join();
        }

        SharedQueue<Integer> there = manager.queue(1);
        SharedQueue<Integer> back = manager.queue(1);
        try (var child = JvmProcess.spawn(() -> answer(there, back))) {
            show("processes, queues", questions, () -> {
                there.put(1);
                back.take();
            });
            there.close();
            child.join();
        }
    }
}

static void answer(PipeEnd<Integer> end) {
    for (int question : end) {
        end.send(question);
    }
}

static void answer(SharedQueue<Integer> there, SharedQueue<Integer> back) {
    for (int question : there) {
        back.put(question);
    }
}

/** The best of five rounds: the first ones are not compiled yet, and others may be disturbed. */
static void show(String what, int questions, Action question) throws Exception {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
        long begin = System.nanoTime();
        for (int i = 0; i < questions / 5; i++) {
            question.run();
        }
        best = Math.min(best, (System.nanoTime() - begin) / (questions / 5));
    }
    IO.println(String.format("%-36s %8.1f us", "Heddle: " + what, best / 1e3));
}

static final String IN_PYTHON = """
        import asyncio, multiprocessing, queue, sys, threading, time
        questions = int(sys.argv[1])

        def show(what, ask):
            best = None
            for _ in range(5):
                begin = time.perf_counter()
                for _ in range(questions // 5):
                    ask()
                seconds = (time.perf_counter() - begin) / (questions // 5)
                best = min(best or seconds, seconds)
            print(f"{'CPython: ' + what:36} {best * 1e6:8.1f} us", flush=True)

        def answer(there, back):
            while (question := there.get()) is not None:
                back.put(question)

        def answer_pipe(end):
            while (question := end.recv()) is not None:
                end.send(question)

        def ask(there, back):
            def one():
                there.put(1)
                back.get()
            return one

        async def in_tasks():
            there, back = asyncio.Queue(1), asyncio.Queue(1)
            async def answers():
                while True:
                    await back.put(await there.get())
            task = asyncio.create_task(answers())
            best = None
            for _ in range(5):
                begin = time.perf_counter()
                for _ in range(questions):
                    await there.put(1)
                    await back.get()
                seconds = (time.perf_counter() - begin) / questions
                best = min(best or seconds, seconds)
            print(f"{'CPython: tasks, asyncio.Queue':36} {best * 1e6:8.1f} us", flush=True)
            task.cancel()

        asyncio.run(in_tasks())
        there, back = queue.Queue(1), queue.Queue(1)
        threading.Thread(target=answer, args=(there, back)).start()
        show("threads, queue.Queue", ask(there, back))
        there.put(None)

        ours, theirs = multiprocessing.Pipe()
        child = multiprocessing.Process(target=answer_pipe, args=(theirs,))
        child.start()
        def through_pipe():
            ours.send(1)
            ours.recv()
        show("processes, Pipe", through_pipe)
        ours.send(None)
        child.join()

        there, back = multiprocessing.Queue(1), multiprocessing.Queue(1)
        child = multiprocessing.Process(target=answer, args=(there, back))
        child.start()
        show("processes, Queue", ask(there, back))
        there.put(None)
        child.join()

        manager = multiprocessing.Manager()
        there, back = manager.Queue(1), manager.Queue(1)
        child = multiprocessing.Process(target=answer, args=(there, back))
        child.start()
        show("processes, Manager().Queue", ask(there, back))
        there.put(None)
        child.join()
        """;
