module github.com/hb-chen/gateway

go 1.14
