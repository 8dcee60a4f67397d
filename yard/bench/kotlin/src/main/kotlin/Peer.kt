package dev.heddle.bench

import java.lang.management.ManagementFactory
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/*
 * What Kotlin's coroutines do. Unless said otherwise all run on one thread, the event loop of runBlocking.
 */

private const val CAPACITY = 128
private const val NANOS_PER_MILLI = 1e6
private const val LONG_MILLIS = 60_000L

/** Runs a round for each line on the standard input and answers with a line of numbers, until the input ends. */
fun main(arguments: Array<String>) {
    val (workload, operations) = arguments
    val count = operations.toInt()
    while (readlnOrNull() != null) {
        println(round(workload, count).joinToString(" "))
    }
}

private fun round(workload: String, count: Int): List<Double> = when (workload) {
    "switch-yield" -> nanosPer(count, ::threadCpuNanos) { switchYield(count) }
    "switch-wake" -> nanosPer(count, ::threadCpuNanos) { switchWake(count) }
    "spawn" -> nanosPer(count, ::threadCpuNanos) { repeat(count) { launch {}.join() } }
    "million" -> million(count)
    "parked" -> parked(count)
    "cancel" -> cancel(count / 10) + cancel(count)
    "channel" -> nanosPer(count) { handOver(Channel(CAPACITY), count) }
    "rendezvous" -> nanosPer(count) { handOver(Channel(Channel.RENDEZVOUS), count) }
    "channel-loops" -> nanosPer(count) {
        coroutineScope { launch(Dispatchers.Default) { handOver(Channel(CAPACITY), count) } }
    }
    "timeout" -> nanosPer(count) { repeat(count) { withTimeout(LONG_MILLIS) {} } }
    "lock" -> listOf(millisOfCountdown(count, Mutex()), millisOfCountdown(count, null))
    "generator" -> nanosPer(count, ::threadCpuNanos) { takeAll(count) }
    else -> error("no workload is named $workload")
}

/** CPU time and time on the wall, nanoseconds for each operation. */
private fun nanosPer(
    operations: Int,
    cpuNanos: () -> Long = ::processCpuNanos,
    work: suspend CoroutineScope.() -> Unit,
): List<Double> {
    val cpu = cpuNanos()
    val wall = System.nanoTime()
    runBlocking { work() }
    return listOf(
        (cpuNanos() - cpu).toDouble() / operations,
        (System.nanoTime() - wall).toDouble() / operations,
    )
}

private fun threadCpuNanos() = ManagementFactory.getThreadMXBean().currentThreadCpuTime

private fun processCpuNanos() =
    ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean::class.java).processCpuTime

private fun usedAfterCollection(): Long {
    System.gc()
    System.gc()
    return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
}

private suspend fun switchYield(switches: Int) = coroutineScope {
    repeat(2) { launch { repeat(switches / 2) { yield() } } }
}

private suspend fun switchWake(switches: Int) = coroutineScope {
    val waiting = arrayOfNulls<CancellableContinuation<Unit>>(2)
    launch {
        repeat(switches / 2) {
            suspendCancellableCoroutine { waiting[1] = it }
            waiting[0]!!.resume(Unit)
        }
    }
    launch {
        repeat(switches / 2) {
            waiting[1]!!.resume(Unit)
            suspendCancellableCoroutine { waiting[0] = it }
        }
    }
}

private fun million(tasks: Int): List<Double> {
    val before = usedAfterCollection()
    val nanos = nanosPer(tasks) {
        val all = List(tasks) { async { yield(); 1 } }
        check(all.awaitAll().sum() == tasks)
    }
    return nanos + ((usedAfterCollection() - before) / 1e6).coerceAtLeast(0.0)
}

private fun parked(tasks: Int): List<Double> = runBlocking {
    val before = usedAfterCollection()
    val start = System.nanoTime()
    val all: Job = launch { repeat(tasks) { launch { awaitCancellation() } } }
    // The first starts all others, which then start before the second has its turn again.
    repeat(2) { yield() }
    val nanos = (System.nanoTime() - start).toDouble() / tasks
    val used = (usedAfterCollection() - before).toDouble() / tasks
    all.cancelAndJoin()
    listOf(nanos, used)
}

private fun cancel(tasks: Int): List<Double> = runBlocking {
    val all: Job = launch { repeat(tasks) { launch { awaitCancellation() } } }
    repeat(2) { yield() }
    val before = processCpuNanos()
    all.cancelAndJoin()
    listOf((processCpuNanos() - before).toDouble() / tasks)
}

private suspend fun handOver(channel: Channel<Int>, elements: Int) = coroutineScope {
    launch { repeat(elements) { channel.send(it) } }
    launch { repeat(elements) { check(it == channel.receive()) } }
}

private fun millisOfCountdown(tasks: Int, mutex: Mutex?): Double {
    var left = tasks
    suspend fun countDown() {
        val seen = left
        delay(1)
        left = seen - 1
    }
    val start = System.nanoTime()
    runBlocking {
        repeat(tasks) { launch { if (mutex == null) countDown() else mutex.withLock { countDown() } } }
    }
    check(left == if (mutex == null) tasks - 1 else 0)
    return (System.nanoTime() - start) / NANOS_PER_MILLI
}

private fun takeAll(items: Int) {
    var total = 0L
    for (i in sequence { repeat(items) { yield(it) } }) {
        total += i
    }
    check(total == items * (items - 1L) / 2)
}
