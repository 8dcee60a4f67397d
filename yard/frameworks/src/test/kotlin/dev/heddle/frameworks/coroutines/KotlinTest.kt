package dev.heddle.frameworks.coroutines

import dev.heddle.Config
import dev.heddle.Heddle
import dev.heddle.Heddle.gather
import dev.heddle.Heddle.group
import dev.heddle.Heddle.run
import dev.heddle.Heddle.sleep
import dev.heddle.Heddle.spawn
import dev.heddle.Heddle.timeout
import dev.heddle.Loop
import dev.heddle.Task
import dev.heddle.TaskCancelledException
import dev.heddle.frameworks.OtherServer
import dev.heddle.sync.Channel
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.PrintStream
import java.time.Duration
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Heddle in Kotlin, as the guide shows it, and beside Kotlin's own coroutines. */
class KotlinTest {

    private val long = Duration.ofHours(1)

    private fun onLoop(body: (Loop) -> Unit) = Loop.start(Config.DEFAULT).use(body)

    @Test
    fun `a form with a result is told from one without by the type of the result`() {
        Heddle.run {
            val task: Task<String> = spawn<String> { "page" }
            val text: String = timeout<String>(long) { task.join() }
            val both: List<String> = gather<String>({ text }, { "other" })
            val length: Int = group<Int> { g -> g.spawn<Int> { text.length }.join() }
            assertEquals("page, [page, other], 4", "$text, $both, $length")
            val nothing: Unit = timeout(long) { task.join() }
            assertEquals(Unit, nothing)
        }
    }

    @Test
    fun `inside a class, run alone is a function of Kotlin, whatever is imported`() {
        assertThrows(IllegalStateException::class.java) {
            run { spawn<String> { "in no task" } }
        }
    }

    @Test
    fun `channels and groups take lambdas`() {
        val lines = mutableListOf<String>()
        Heddle.run {
            group { g ->
                val channel = Channel.of<String>(10)
                g.spawn {
                    channel.send("a line")
                    channel.close()
                }
                g.spawn {
                    for (line in channel) {
                        lines += line
                    }
                }
            }
        }
        assertEquals(listOf("a line"), lines)
    }

    @Test
    fun `a task waits for a coroutine while others run`() {
        Heddle.run {
            val asked = CompletableDeferred<String>()
            val waiting = spawn<String> { textFromCoroutine { asked.await() } }
            val other = spawn { asked.complete("42") }
            assertEquals("42", waiting.join())
            other.join()
        }
    }

    @Test
    fun `a cancelled task cancels its coroutine`() {
        Heddle.run {
            val waits = Channel.of<String>(1)
            val cancelled = Channel.of<String>(1)
            val task = spawn<String> {
                textFromCoroutine {
                    try {
                        waits.trySend("now")
                        awaitCancellation()
                    } finally {
                        cancelled.trySend("by the task")
                    }
                }
            }
            waits.receive()
            task.cancel("no longer wanted")
            assertThrows(TaskCancelledException::class.java) { task.join() }
            assertEquals("by the task", cancelled.receive())
        }
    }

    @Test
    fun `a coroutine waits for a task and gets its failure`() = onLoop { loop ->
        runBlocking {
            assertEquals("42", textFromTask(loop) { "42" })
            val failed = runCatching { textFromTask(loop) { throw IOException("no page") } }
            assertTrue(generateSequence(failed.exceptionOrNull()) { it.cause }.any { it is IOException })
        }
    }

    @Test
    fun `a cancelled coroutine cancels its task`() = onLoop { loop ->
        val runs = CountDownLatch(1)
        val ended = CountDownLatch(1)
        runBlocking {
            val waiting = launch(Dispatchers.Default) {
                textFromTask(loop) {
                    try {
                        runs.countDown()
                        sleep(long)
                        "too late"
                    } finally {
                        ended.countDown()
                    }
                }
            }
            runs.await()
            waiting.cancelAndJoin()
        }
        ended.await()
    }

    @Test
    fun `coroutines on a loop may block beside each other`() = onLoop { loop ->
        val blocks = CompletableDeferred<Unit>()
        val mayEnd = CountDownLatch(1)
        runBlocking {
            val blocked = async(Dispatchers.Default) {
                textOnLoop(loop) {
                    blocks.complete(Unit)
                    mayEnd.await()
                    Heddle.currentLoop().name()
                }
            }
            blocks.await()
            textOnLoop(loop) {
                mayEnd.countDown()
                "goes on"
            }
            assertEquals(loop.name(), blocked.await())
        }
    }

    @Test
    fun `the program prints how long pages are`() {
        val before = System.out
        val printed = ByteArrayOutputStream()
        System.setOut(PrintStream(printed, true))
        try {
            OtherServer().use { other -> main(arrayOf(other.url("/a"), other.url("/bb"))) }
        } finally {
            System.setOut(before)
        }
        assertEquals("[2, 3]", printed.toString().trim())
    }
}
