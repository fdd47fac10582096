module github.com/hb-chen/gmqtt

go 1.14
